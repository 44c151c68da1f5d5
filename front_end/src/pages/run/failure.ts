import { isObject } from '../../components/jsonDiff';

/** What the console keeps of an engine's failure. */
export interface Failure {
  message: string | undefined;
  /** Whether the same run may succeed when it is started again. */
  retryable: boolean;
  /** Facts for whoever looks into it. */
  detail: unknown;
}

/** The parts of a run's `error`, which is whatever the engine said. */
export function failureOf(error: unknown): Failure {
  if (!isObject(error)) return { message: undefined, retryable: false, detail: error ?? undefined };
  const { message, retryable, detail, ...others } = error;
  const rest =
    Object.keys(others).length > 0 ? { ...others, ...(detail ? { detail } : {}) } : (detail ?? undefined);
  return {
    message: typeof message === 'string' && message ? message : undefined,
    retryable: retryable === true,
    detail: rest,
  };
}

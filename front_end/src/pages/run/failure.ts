import type { Instance } from '../../api/instances';
import { inLanguage } from '../../components/inLanguage';
import { isObject } from '../../components/jsonDiff';

/** Why our side of a run failed. */
export interface Failure {
  message: string | undefined;
  /** Whether the same run may succeed when it is started again. */
  retryable: boolean;
  /** Facts for whoever looks into it. */
  detail: unknown;
}

/** What the console keeps of a failure, in the language of the screen; or whatever an engine said in a form of its own. */
export function failureOf({ failure, error }: Pick<Instance, 'failure' | 'error'>, language = 'en'): Failure {
  if (failure) {
    const { message, message_zh, retryable } = failure;
    const detail = isObject(error) ? (error.detail ?? undefined) : undefined;
    return { message: inLanguage(language, message, message_zh), retryable, detail };
  }
  if (!isObject(error)) return { message: undefined, retryable: false, detail: error ?? undefined };
  const { message, ...others } = error;
  return {
    message: typeof message === 'string' && message ? message : undefined,
    retryable: false,
    detail: Object.keys(others).length > 0 ? others : undefined,
  };
}

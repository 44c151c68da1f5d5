import type { components } from './schema';

type ProblemDocument = components['schemas']['Problem'];
type Answered = Pick<ProblemDocument, 'status' | 'detail' | 'detail_zh'> &
  Partial<Omit<ProblemDocument, 'code'>> & { code: Code };

/**
 * Why a request was not done: a code of the server, or one of ours. `network`: no answer came. `unreadable`: an answer of
 * another kind. `aborted`: stopped on purpose. `unexpected`: anything else that was thrown. A newer server may send others.
 */
export type Code = components['schemas']['ErrorCode'] | 'network' | 'unreadable' | 'aborted' | 'unexpected';

/** A wrong part of the input: a JSON Pointer (or a query parameter's name), and what is wrong with it. */
export type ProblemPart = components['schemas']['ProblemPart'];

/** Why a request was not done. Every failure of the API client is one of these. */
export class ApiError extends Error {
  /** A stable word, by which the screen decides. */
  readonly code: Code;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What happened and what to do, in the server's words. */
  readonly detail: string;
  /** The same in Chinese, where it says more than the code. */
  readonly detail_zh: string | null | undefined;
  /** When it is of use to try again, as far as the server says so. */
  readonly retryAfterSeconds: number | undefined;
  /** What the log knows the request by. */
  readonly requestId: string | undefined;
  /** The wrong parts of the input. */
  readonly parts: readonly ProblemPart[];

  constructor(problem: Answered, retryAfterSeconds?: number) {
    super(problem.detail);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.detail_zh = problem.detail_zh;
    this.retryAfterSeconds = retryAfterSeconds;
    this.requestId = problem.request_id;
    this.parts = problem.errors ?? [];
  }

  /** The error of a response that is not a success. */
  static async of(response: Response): Promise<ApiError> {
    const problem: unknown = await response.json().catch(() => undefined);
    if (isProblem(problem)) return new ApiError(problem, secondsOf(response.headers.get('Retry-After')));
    const detail = `HTTP ${response.status} ${response.statusText}`.trim();
    const code = response.status === 502 || response.status === 504 ? 'network' : 'unreadable';
    return new ApiError({ code, status: response.status, detail });
  }

  /** Whatever was thrown, as an ApiError; what `fetch` throws means that no answer came, or not all of it. */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return new ApiError({ code: cameNot(thrown) ? 'network' : 'unexpected', status: 0, detail });
  }

  /** What is wrong with one field, by its JSON Pointer. */
  part(pointer: string): ProblemPart | undefined {
    return this.parts.find((part) => part.pointer === pointer);
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get isTransient(): boolean {
    return this.code === 'network' || this.status === 503 || this.status === 502 || this.status === 504;
  }
}

/** The header's seconds; it may hold a date instead, which this server does not send. */
function secondsOf(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function cameNot(thrown: unknown): boolean {
  const late = thrown instanceof DOMException && ['TimeoutError', 'AbortError'].includes(thrown.name);
  // JSON that breaks off is a SyntaxError.
  return late || thrown instanceof TypeError || thrown instanceof SyntaxError;
}

function isProblem(value: unknown): value is ProblemDocument {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'detail' in value
  );
}

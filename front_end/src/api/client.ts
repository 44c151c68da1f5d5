import createClient, { type Middleware } from 'openapi-fetch';

import { address } from '../base';
import { ApiError } from './error';
import type { components, paths } from './schema';

/** The API's types, by name: `Schema<'Partner'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A page that polls or reads must not hang for ever on a connection that is gone. */
const READ_TIMEOUT_MS = 30_000;

let onSignedOut: () => void = () => undefined;

/** Says what happens when the server no longer knows the session. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const error = await ApiError.of(response);
    if (error.code === 'not_signed_in') onSignedOut();
    throw error;
  },
  onError({ error }) {
    return ApiError.from(error);
  },
};

async function send(request: Request): Promise<Response> {
  if (!SAFE.has(request.method)) return fetch(request);
  const limit = AbortSignal.timeout(READ_TIMEOUT_MS);
  return fetch(new Request(request, { signal: AbortSignal.any([request.signal, limit]) }));
}

/** The client of the operator API. Its calls reject with an {@link ApiError}; unpack them with {@link answer}. */
export const api = createClient<paths>({ baseUrl: address(''), fetch: send });
api.use(problems);

/** The body of a call's answer: `await answer(api.GET('/api/v1/partners'))`. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  // An answer that breaks off after its head is not seen by middleware.
  const { data, error } = await call.catch((thrown: unknown) => {
    throw ApiError.from(thrown);
  });
  if (error !== undefined) throw ApiError.from(error);
  // Middleware throws for every failure, so what is left is a success; a 204 has no body, and T says so.
  return data as T;
}

/** Headers that make an update fail with `stale` if the row has changed since it was read. */
export function ifMatch(row: { generation: number }): { 'If-Match': string } {
  return { 'If-Match': `"${row.generation}"` };
}

/**
 * Headers that make a repeated creation happen once. Take one key for each thing that the operator means to create (for
 * example when a dialog opens), and the same one for each attempt.
 */
export function idempotent(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}

/** A key for {@link idempotent}. `crypto.randomUUID` would need a secure context, which plain HTTP is not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

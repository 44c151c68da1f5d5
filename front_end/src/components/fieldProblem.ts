import type { ApiError } from '../api/error';

/** Refusals that concern one field, though the server names no pointer. */
const CODES: Readonly<Record<string, string>> = {
  '/name': 'name_taken',
  '/token': 'token_taken',
  '/address': 'address_taken',
};

/**
 * What the server says of a field, for antd's `Form.Item`: `{...fieldProblem(error, '/name')}`. Nothing when it has
 * nothing to say, so that the field's own rules show.
 */
export function fieldProblem(
  error: ApiError | null | undefined,
  pointer: string,
): { validateStatus?: 'error'; help?: string } {
  const help = error && (error.part(pointer) ?? (CODES[pointer] === error.code ? error.detail : undefined));
  return help ? { validateStatus: 'error', help } : {};
}

/** The error, unless all that it says is shown at these fields. */
export function besides(error: ApiError | null | undefined, pointers: readonly string[]): ApiError | null {
  if (!error) return null;
  const shown =
    error.parts.length > 0
      ? error.parts.every(({ pointer }) => pointers.includes(pointer))
      : pointers.some((pointer) => CODES[pointer] === error.code);
  return shown ? null : error;
}

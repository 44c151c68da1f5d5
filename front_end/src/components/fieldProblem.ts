import type { ApiError, Code } from '../api/error';
import { fieldText, problemLine } from './problemText';

/** Refusals that concern one field, though the server names no pointer. */
const CODES: Readonly<Record<string, Code>> = {
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
  if (!error) return {};
  const part = error.part(pointer);
  if (part) return { validateStatus: 'error', help: fieldText(part) };
  return CODES[pointer] === error.code ? { validateStatus: 'error', help: problemLine(error) } : {};
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

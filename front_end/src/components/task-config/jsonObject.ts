import { isObject } from '../jsonDiff';
import type { JsonObject } from '../schema-form/types';

export type { JsonObject };

/** A stored config as an object; nothing stored is an empty one. */
export function asObject(stored: unknown): JsonObject {
  return isObject(stored) ? stored : {};
}

/** A text as a JSON object; undefined when it is none. An empty text is the empty object. */
export function parseObject(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An object as text; an empty one as no text, so that one can paste or type at once. */
export function textOf(value: JsonObject): string {
  if (Object.keys(value).length === 0) return '';
  return JSON.stringify(value, null, 2);
}

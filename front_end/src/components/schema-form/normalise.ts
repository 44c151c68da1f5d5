import { isObject } from '../jsonDiff';
import type { JsonObject } from './types';

/**
 * A schema as the form library understands it: a choice of constants has the type that they share, and says what each
 * means. Title and description of the whole are left out, because the page has a heading of its own.
 */
export function normalise(schema: JsonObject): JsonObject {
  const parts = Object.entries(schema).filter(([key]) => key !== 'title' && key !== 'description');
  return within(Object.fromEntries(parts)) as JsonObject;
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(part)]));
  return asChoice(inner) ?? inner;
}

function asChoice(schema: JsonObject): JsonObject | undefined {
  const { oneOf } = schema;
  if (!Array.isArray(oneOf) || !oneOf.every(isConstant)) return undefined;
  const types = new Set(oneOf.map((option) => option.type ?? typeof option.const));
  const [type] = types;
  return {
    ...schema,
    ...(types.size === 1 && schema.type === undefined && { type }),
    oneOf: oneOf.map((option) => ({ ...option, title: titleOf(option) })),
  };
}

function isConstant(option: unknown): option is JsonObject {
  return isObject(option) && 'const' in option;
}

function titleOf(option: JsonObject): string {
  if (typeof option.title === 'string') return option.title;
  const name = String(option.const);
  return typeof option.description === 'string' ? `${name} – ${option.description}` : name;
}

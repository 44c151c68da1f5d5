import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from '../../components/task-config/jsonObject';

/** What may be chosen for a text, by the `format` that the engine's schema gives it. */
export interface Suggestions {
  /** Names of the attached files. */
  resource: readonly string[];
  /** Names of the columns of the attached tables. */
  column: readonly string[];
}

/**
 * A schema whose texts of a known format have examples, which the form offers to choose from. Other values stay
 * possible: the engine decides what is right.
 */
export function withSuggestions(schema: JsonObject, suggestions: Suggestions): JsonObject {
  return Object.fromEntries(
    Object.entries(withExamples(schema, suggestions)).map(([key, value]) => [
      key,
      within(value, suggestions),
    ]),
  );
}

function within(value: unknown, suggestions: Suggestions): unknown {
  if (Array.isArray(value)) return value.map((entry) => within(entry, suggestions));
  return isObject(value) ? withSuggestions(value, suggestions) : value;
}

function withExamples(schema: JsonObject, suggestions: Suggestions): JsonObject {
  const { format } = schema;
  if (format !== 'resource' && format !== 'column') return schema;
  const examples = suggestions[format];
  return examples.length > 0 ? { ...schema, examples } : schema;
}

import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from '../../components/task-config/jsonObject';

/** A config that names the attached file where a setting needs one and there is no choice. */
export function prefilled(
  schema: JsonObject | undefined,
  config: JsonObject | null,
  attached: readonly string[],
): JsonObject | null {
  const [only, ...others] = attached;
  if (config === null || only === undefined || others.length > 0) return config;
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = Array.isArray(schema?.required) ? (schema.required as unknown[]) : [];
  const empty = Object.entries(properties).filter(
    ([key, property]) =>
      isObject(property) && property.format === 'resource' && required.includes(key) && !(key in config),
  );
  return empty.length === 0
    ? config
    : { ...Object.fromEntries(empty.map(([key]) => [key, only])), ...config };
}

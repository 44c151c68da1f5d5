import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from '../../components/task-config/jsonObject';

/**
 * The files that a config names and that are not attached. An engine may take addresses instead of names; they have a
 * colon.
 */
export function missingFiles(
  schema: JsonObject | undefined,
  config: unknown,
  attached: readonly string[],
): string[] {
  const properties = isObject(schema?.properties) ? schema.properties : {};
  if (!isObject(config)) return [];
  const named = Object.entries(properties)
    .filter(([, property]) => isObject(property) && property.format === 'resource')
    .map(([key]) => config[key]);
  return named.filter(
    (name): name is string =>
      typeof name === 'string' && name !== '' && !name.includes(':') && !attached.includes(name),
  );
}

import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from '../../components/task-config/jsonObject';

/** The values that both sides must agree on, as our config has them, or as the schema's defaults are where it is silent. */
export function matchingValues(schema: JsonObject, keys: readonly string[], config: JsonObject): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const values = keys.map((key): [string, unknown] => {
    const property = properties[key];
    return [key, key in config ? config[key] : isObject(property) ? property.default : undefined];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

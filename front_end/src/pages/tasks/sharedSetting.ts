import { propertyOf } from '../../components/schemaTexts';
import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from '../../components/task-config/jsonObject';

/** How two sides' values of a setting agree; see `x-shared` in the engine guide. */
export type Rule = 'equal' | 'mirrored' | 'count' | 'one_side';

export function ruleOf(schema: JsonObject | undefined, key: string): Rule {
  const shared = propertyOf(schema, key)['x-shared'];
  if (shared === 'count' || shared === 'one_side') return shared;
  return isObject(shared) ? 'mirrored' : 'equal';
}

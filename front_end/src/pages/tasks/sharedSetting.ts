import { inLanguage } from '../../components/inLanguage';
import { isObject } from '../../components/jsonDiff';
import type { JsonObject } from './jsonObject';

/** How two sides' values of a setting agree; see `x-shared` in the engine guide. */
export type Rule = 'equal' | 'mirrored' | 'count' | 'one_side';

function propertyOf(schema: JsonObject | undefined, key: string): JsonObject {
  const properties = schema && isObject(schema.properties) ? schema.properties : {};
  const property = properties[key];
  return isObject(property) ? property : {};
}

/** What a setting is called in the operator's language; its key when the engine gives it no title. */
export function settingTitle(schema: JsonObject | undefined, key: string, language: string): string {
  const { title, 'x-i18n': translated } = propertyOf(schema, key);
  const zh = isObject(translated) && isObject(translated.zh) ? translated.zh.title : undefined;
  const own = typeof title === 'string' ? title : key;
  return inLanguage(language, own, typeof zh === 'string' ? zh : undefined);
}

export function ruleOf(schema: JsonObject | undefined, key: string): Rule {
  const shared = propertyOf(schema, key)['x-shared'];
  if (shared === 'count' || shared === 'one_side') return shared;
  return isObject(shared) ? 'mirrored' : 'equal';
}

/** A value as one reads it; undefined when there is none. */
export function valueText(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((entry) => valueText(entry) ?? '–').join(', ');
  return JSON.stringify(value);
}

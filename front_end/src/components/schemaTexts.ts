import { inLanguage } from './inLanguage';
import { isObject } from './jsonDiff';

type JsonObject = Record<string, unknown>;

/** A JSON Schema in the operator's language: `x-i18n` has the titles and descriptions in others than English. */
export function localised(schema: JsonObject, language: string): JsonObject {
  return within(schema, language) as JsonObject;
}

function within(value: unknown, language: string): unknown {
  if (Array.isArray(value)) return value.map((part) => within(part, language));
  if (!isObject(value)) return value;
  const parts = Object.entries(value).filter(([key]) => key !== 'x-i18n');
  const inner = Object.fromEntries(parts.map(([key, part]) => [key, within(part, language)]));
  const texts = translation(value);
  for (const text of ['title', 'description'] as const) {
    const own = inner[text];
    const shown = inLanguage(language, typeof own === 'string' ? own : undefined, texts[text]);
    if (shown !== undefined) inner[text] = shown;
  }
  return inner;
}

function translation(schema: JsonObject): { title?: string; description?: string } {
  const all = schema['x-i18n'];
  const zh = isObject(all) && isObject(all.zh) ? all.zh : {};
  return {
    ...(typeof zh.title === 'string' && { title: zh.title }),
    ...(typeof zh.description === 'string' && { description: zh.description }),
  };
}

/** The schema of a key of an object's schema, with what it refers to; empty when there is none. */
export function propertyOf(schema: JsonObject | undefined, key: string): JsonObject {
  const properties = schema && isObject(schema.properties) ? schema.properties : {};
  const property = properties[key];
  return isObject(property) ? resolved(property, schema ?? {}) : {};
}

/** A schema with what it refers to within another one. */
export function resolved(property: JsonObject, root: JsonObject): JsonObject {
  const { $ref } = property;
  if (typeof $ref !== 'string' || !$ref.startsWith('#/')) return property;
  const target = $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
  return isObject(target) ? { ...target, ...property } : property;
}

/** What a setting is called; its key when the engine gives it no title. */
export function titleOf(schema: JsonObject | undefined, key: string, language: string): string {
  const property = propertyOf(schema, key);
  const { title } = property;
  return inLanguage(language, typeof title === 'string' ? title : key, translation(property).title);
}

/** What the value of a setting is called, where the schema names it; lists value by value. */
export function valueTitle(
  schema: JsonObject | undefined,
  key: string,
  value: unknown,
  language: string,
): string | undefined {
  const property = propertyOf(schema, key);
  if (Array.isArray(value)) {
    const items = isObject(property.items) ? resolved(property.items, schema ?? {}) : {};
    const texts = value.map((entry) => choiceTitle(items, entry, language) ?? valueText(entry) ?? '–');
    return texts.length > 0 ? texts.join(', ') : undefined;
  }
  return choiceTitle(property, value, language) ?? valueText(value);
}

function choiceTitle(schema: JsonObject, value: unknown, language: string): string | undefined {
  const choices = Array.isArray(schema.oneOf) ? (schema.oneOf as unknown[]) : [];
  const choice = choices.find((choice) => isObject(choice) && choice.const === value);
  if (!isObject(choice)) return undefined;
  const { title } = choice;
  return inLanguage(language, typeof title === 'string' ? title : undefined, translation(choice).title);
}

/** A value as one reads it; undefined when there is none. */
export function valueText(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((entry) => valueText(entry) ?? '–').join(', ') || undefined;
  return JSON.stringify(value);
}

/** The keys of an object's schema, as the engine orders them. */
export function orderedKeys(schema: JsonObject): string[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const rank = (key: string) => {
    const property = properties[key];
    const order = isObject(property) ? property['x-order'] : undefined;
    return typeof order === 'number' ? order : Infinity;
  };
  const needed = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
  const keys = Object.keys(properties);
  // Where nothing is said, what is needed comes first.
  const later = (key: string) => (needed.includes(key) ? 0 : 1);
  return keys.sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? later(a) - later(b) : first - second;
  });
}

/** Whether a setting means something in a config, by its hint `x-when`. */
export function applies(schema: JsonObject, key: string, config: JsonObject): boolean {
  const when = propertyOf(schema, key)['x-when'];
  if (!isObject(when) || typeof when.setting !== 'string') return true;
  const value = config[when.setting] ?? propertyOf(schema, when.setting).default;
  const lists = (values: unknown) => Array.isArray(values) && values.includes(value);
  return (when.is === undefined || lists(when.is)) && !lists(when.is_not);
}

/** A schema with the settings that mean something in a config alone. Those that are needed there are required. */
export function applicable(schema: JsonObject, config: JsonObject): JsonObject {
  const all = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const properties = all.filter(([key]) => applies(schema, key, config));
  const always = Array.isArray(schema.required) ? (schema.required as unknown[]) : [];
  const needed = properties.filter(([, property]) => isObject(property) && property['x-needed'] === true);
  const required = new Set([...always, ...needed.map(([key]) => key)]);
  return { ...schema, properties: Object.fromEntries(properties), required: [...required] };
}

/** Whether a setting is folded away until it is needed. */
export function isAdvanced(schema: JsonObject, key: string): boolean {
  return propertyOf(schema, key)['x-advanced'] === true;
}

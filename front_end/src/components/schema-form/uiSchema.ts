import type { UiSchema } from '@rjsf/utils';

import { isObject } from '../jsonDiff';
import type { JsonObject } from './types';

/** What the form says by itself, in the operator's language. */
export interface FormTexts {
  /** What holds when a field is left empty. */
  defaultIs: (value: string) => string;
  yes: string;
  no: string;
}

/** How the fields of a schema look: what is needed first, defaults shown but not stored, lists of texts as one field. */
export function uiSchemaOf(schema: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  // The page has a heading of its own.
  return { ...fieldsOf(schema, texts), 'ui:title': '', 'ui:description': '' };
}

function fieldsOf({ properties, required }: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  if (!isObject(properties)) return {};
  const needed = (Array.isArray(required) ? (required as unknown[]) : []).filter(
    (name): name is string => typeof name === 'string' && name in properties,
  );
  const fields = Object.entries(properties).map(([name, property]): [string, UiSchema<JsonObject>] => [
    name,
    isObject(property) ? fieldOf(property, texts) : {},
  ]);
  const ui: UiSchema<JsonObject> = Object.fromEntries(fields);
  return needed.length > 0 ? { ...ui, 'ui:order': [...needed, '*'] } : ui;
}

function fieldOf(property: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  const given = property.default;
  const placeholder = (value: string) => ({ 'ui:placeholder': texts.defaultIs(value) });
  if (isObject(property.properties)) return fieldsOf(property, texts);
  if (isOfType(property, 'boolean')) {
    // A box that is not ticked would say "no" where the default is "yes".
    return {
      'ui:widget': 'select',
      'ui:enumNames': [texts.yes, texts.no],
      ...(typeof given === 'boolean' && placeholder(given ? texts.yes : texts.no)),
    };
  }
  if (isOfType(property, 'array')) {
    const { items } = property;
    const ofTexts = isObject(items) && items.type === 'string' && !('enum' in items);
    return ofTexts ? { 'ui:widget': 'texts' } : {};
  }
  return {
    ...(isOfType(property, 'string') && Array.isArray(property.examples) && { 'ui:widget': 'suggested' }),
    ...((typeof given === 'string' || typeof given === 'number') && placeholder(String(given))),
  };
}

function isOfType({ type }: JsonObject, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

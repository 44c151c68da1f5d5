import type { UiSchema } from '@rjsf/utils';

import { isObject } from '../jsonDiff';
import { orderedKeys, resolved } from '../schemaTexts';
import type { JsonObject } from './types';

/** What the form says by itself, in the operator's language. */
export interface FormTexts {
  /** What holds when a field is left empty. */
  defaultIs: (value: string) => string;
  yes: string;
  no: string;
}

/** How the fields of a schema look: in the engine's order, what is needed first, defaults shown but not stored, lists of texts as one field. */
export function uiSchemaOf(schema: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  return fieldsOf(schema, schema, texts);
}

function fieldsOf(schema: JsonObject, root: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  const { properties } = schema;
  if (!isObject(properties)) return {};
  const fields = Object.entries(properties).map(([name, property]): [string, UiSchema<JsonObject>] => [
    name,
    isObject(property) ? fieldOf(resolved(property, root), root, texts) : {},
  ]);
  return { ...Object.fromEntries(fields), 'ui:order': [...orderedKeys(schema), '*'] };
}

function fieldOf(property: JsonObject, root: JsonObject, texts: FormTexts): UiSchema<JsonObject> {
  const given = property.default;
  const placeholder = (value: string) => ({ 'ui:placeholder': texts.defaultIs(value) });
  if (isObject(property.properties)) return fieldsOf(property, root, texts);
  if (isOfType(property, 'boolean')) {
    // A box that is not ticked would say "no" where the default is "yes".
    return {
      'ui:widget': 'choice',
      'ui:enumNames': [texts.yes, texts.no],
      ...(typeof given === 'boolean' && placeholder(given ? texts.yes : texts.no)),
    };
  }
  if (isOfType(property, 'array')) {
    const { items } = property;
    const ofTexts = isObject(items) && items.type === 'string' && !('enum' in items);
    const choices = isObject(items) ? resolved(items, root) : {};
    const names = Array.isArray(given) ? given.map((value) => nameOf(choices, value)) : [];
    const byDefault = names.length > 0 && texts.defaultIs(names.join(', '));
    // The library shows no placeholder where several of some values are chosen, and nothing chosen is a choice there.
    if (!ofTexts) return byDefault ? { 'ui:help': byDefault } : {};
    return { 'ui:widget': 'texts', ...(byDefault && { 'ui:placeholder': byDefault }) };
  }
  const byDefault =
    typeof given === 'string' || typeof given === 'number' ? placeholder(nameOf(property, given)) : {};
  if (Array.isArray(property.oneOf) || Array.isArray(property.enum))
    return { 'ui:widget': 'choice', ...byDefault };
  const suggested = isOfType(property, 'string') && Array.isArray(property.examples);
  return suggested ? { 'ui:widget': 'suggested', ...byDefault } : byDefault;
}

/** What a value is called, where the schema names it. */
function nameOf({ oneOf }: JsonObject, value: unknown): string {
  const choices = Array.isArray(oneOf) ? (oneOf as unknown[]) : [];
  const choice = choices.find((choice) => isObject(choice) && choice.const === value);
  return isObject(choice) && typeof choice.title === 'string' ? choice.title : String(value);
}

function isOfType({ type }: JsonObject, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

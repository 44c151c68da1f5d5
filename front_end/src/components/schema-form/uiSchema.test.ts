import { expect, it } from 'vitest';

import { uiSchemaOf } from './uiSchema';

const texts = { defaultIs: (value: string) => `Default: ${value}`, yes: 'Yes', no: 'No' };

it('shows needed fields first, and defaults without storing them', () => {
  const ui = uiSchemaOf(
    {
      required: ['input', 'gone'],
      $defs: { Mode: { type: 'string', oneOf: [{ const: 'both', title: 'Both sides' }] } },
      properties: {
        epochs: { type: 'integer', default: 30 },
        output: { type: ['string', 'null'], default: null },
        header: { type: 'boolean', default: true },
        input: { type: 'string', examples: ['table'] },
        ids: { type: ['array', 'null'], items: { type: 'string' } },
        kinds: { type: 'array', items: { type: 'string', enum: ['a'] }, default: ['a'] },
        marks: { type: 'array', items: { type: 'string' }, default: ['NA', '-'] },
        mode: { $ref: '#/$defs/Mode', default: 'both' },
        nested: { properties: { seed: { type: 'integer', default: 1 } } },
      },
    },
    texts,
  );
  expect(ui).toEqual({
    'ui:order': ['input', 'epochs', 'output', 'header', 'ids', 'kinds', 'marks', 'mode', 'nested', '*'],
    epochs: { 'ui:placeholder': 'Default: 30' },
    output: {},
    header: { 'ui:widget': 'choice', 'ui:enumNames': ['Yes', 'No'], 'ui:placeholder': 'Default: Yes' },
    input: { 'ui:widget': 'suggested' },
    ids: { 'ui:widget': 'texts' },
    kinds: { 'ui:help': 'Default: a' },
    marks: { 'ui:widget': 'texts', 'ui:placeholder': 'Default: NA, -' },
    mode: { 'ui:widget': 'choice', 'ui:placeholder': 'Default: Both sides' },
    nested: { seed: { 'ui:placeholder': 'Default: 1' }, 'ui:order': ['seed', '*'] },
  });
});

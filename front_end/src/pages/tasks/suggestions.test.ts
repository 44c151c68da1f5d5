import { expect, it } from 'vitest';

import { withSuggestions } from './suggestions';

const schema = {
  type: 'object',
  properties: {
    input: { type: 'string', format: 'resource' },
    ids: { type: 'array', items: { type: 'string', format: 'column' } },
    format: { type: 'string', enum: ['resource'] },
  },
};

it('offers files and columns where the schema asks for them, and nowhere else', () => {
  expect(withSuggestions(schema, { resource: ['table'], column: ['id', 'age'] })).toEqual({
    type: 'object',
    properties: {
      input: { type: 'string', format: 'resource', examples: ['table'] },
      ids: { type: 'array', items: { type: 'string', format: 'column', examples: ['id', 'age'] } },
      format: { type: 'string', enum: ['resource'] },
    },
  });
});

it('leaves the schema as it is when there is nothing to offer', () => {
  expect(withSuggestions(schema, { resource: [], column: [] })).toEqual(schema);
});

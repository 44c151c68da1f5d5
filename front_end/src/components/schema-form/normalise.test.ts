import { expect, it } from 'vitest';

import { normalise } from './normalise';

it('gives a choice of constants their type and what each means', () => {
  const schema = {
    title: 'SampleConfig',
    description: 'The whole',
    type: 'object',
    properties: { result: { $ref: '#/$defs/Mode', description: 'Who learns it' } },
    $defs: {
      Mode: {
        oneOf: [
          { const: 'both', type: 'string', description: 'Both sides.' },
          { const: 'me', type: 'string' },
        ],
      },
    },
  };
  expect(normalise(schema)).toEqual({
    type: 'object',
    properties: { result: { $ref: '#/$defs/Mode', description: 'Who learns it' } },
    $defs: {
      Mode: {
        type: 'string',
        oneOf: [
          { title: 'both – Both sides.', const: 'both', type: 'string', description: 'Both sides.' },
          { title: 'me', const: 'me', type: 'string' },
        ],
      },
    },
  });
});

it('leaves real alternatives as they are', () => {
  const schema = { properties: { a: { oneOf: [{ type: 'string' }, { type: 'object' }] } } };
  expect(normalise(schema)).toEqual(schema);
});

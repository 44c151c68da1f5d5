import { expect, it } from 'vitest';

import { prefilled } from './prefilled';

const schema = {
  required: ['input'],
  properties: {
    input: { type: 'string', format: 'resource' },
    other: { type: 'string', format: 'resource' },
    label: { type: 'string' },
  },
};

it('names the only file where one is needed', () => {
  expect(prefilled(schema, { label: 'y' }, ['a.csv'])).toEqual({ input: 'a.csv', label: 'y' });
});

it('leaves a choice to the user', () => {
  const chosen = { input: 'b.csv' };
  expect(prefilled(schema, chosen, ['a.csv'])).toBe(chosen);
  const none = {};
  expect(prefilled(schema, none, ['a.csv', 'b.csv'])).toBe(none);
  expect(prefilled(schema, none, [])).toBe(none);
  expect(prefilled(schema, null, ['a.csv'])).toBeNull();
});

import { expect, it } from 'vitest';

import { missingFiles } from './missing';

const schema = { properties: { input: { type: 'string', format: 'resource' }, output: { type: 'string' } } };

it('names what the config names and is not attached', () => {
  const missing = (config: unknown, attached: string[]) => missingFiles(schema, config, attached);
  expect(missing({ input: 'table', output: 'out.csv' }, [])).toEqual(['table']);
  expect(missing({ input: 'table' }, ['table'])).toEqual([]);
  expect(missing({ input: 'file:data/a.csv' }, [])).toEqual([]);
  expect(missing({}, [])).toEqual([]);
  expect(missing(null, [])).toEqual([]);
  expect(missingFiles(undefined, { input: 'table' }, [])).toEqual([]);
});

import { expect, it } from 'vitest';

import { matchingValues } from './matching';

it('takes what the config says, else the default, else nothing', () => {
  const schema = { properties: { epochs: { default: 30 }, seed: { default: 1 }, l2: {} } };
  expect(matchingValues(schema, ['epochs', 'seed', 'l2', 'other'], { epochs: 5, label: 'y' })).toEqual({
    epochs: 5,
    seed: 1,
  });
  expect(matchingValues({}, ['epochs'], {})).toEqual({});
});

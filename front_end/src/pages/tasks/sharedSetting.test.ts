import { expect, it } from 'vitest';

import { ruleOf } from './sharedSetting';

it('knows how the sides agree', () => {
  const schema = {
    properties: {
      epochs: { 'x-shared': true },
      label: { 'x-shared': 'one_side' },
      ids: { 'x-shared': 'count' },
      result: { 'x-shared': { mirrored: { only_me: 'only_partner' } } },
    },
  };
  expect(['epochs', 'label', 'ids', 'result', 'new'].map((key) => ruleOf(schema, key))).toEqual([
    'equal',
    'one_side',
    'count',
    'mirrored',
    'equal',
  ]);
});

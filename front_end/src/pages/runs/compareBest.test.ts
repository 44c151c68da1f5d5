import { expect, it } from 'vitest';

import { comparedRow, withBest } from './compare';

const best = (values: unknown[], larger_is_better: boolean | null, name = 'AUC') =>
  withBest([comparedRow(['AUC'], values)], { name, larger_is_better })[0]?.best;

it('marks the best of several numbers, where one can be better', () => {
  expect(best([0.8, 0.9, undefined], true)).toEqual([1]);
  expect(best([0.8, 0.9, 0.8], false)).toEqual([0, 2]);
  expect(best([0.8, 0.9], null)).toBeUndefined();
  expect(best([0.8, undefined], true)).toBeUndefined();
  expect(best([0.9, 0.9], true)).toBeUndefined();
  expect(best([0.8, 0.9], true, 'Log loss')).toBeUndefined();
});

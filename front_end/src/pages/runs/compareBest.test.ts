import { expect, it } from 'vitest';

import { comparedRow, largerIsBetter, withBest } from './compare';

const best = (values: unknown[], larger: boolean | undefined) =>
  withBest(comparedRow(['AUC'], values), larger).best;

it('marks the best of several numbers, where one can be better', () => {
  expect(best([0.8, 0.9, undefined], true)).toEqual([1]);
  expect(best([0.8, 0.9, 0.8], false)).toEqual([0, 2]);
  expect(best([0.8, 0.9], undefined)).toBeUndefined();
  expect(best([0.8, undefined], true)).toBeUndefined();
  expect(best([0.9, 0.9], true)).toBeUndefined();
});

it('knows what is better of usual measures, and believes the engine about its main figure', () => {
  expect(largerIsBetter('auc')).toBe(true);
  expect(largerIsBetter('log_loss')).toBe(false);
  expect(largerIsBetter('rows')).toBeUndefined();
  expect(largerIsBetter('constructor')).toBeUndefined();
  expect(largerIsBetter('loss', { name: 'loss', larger_is_better: true })).toBe(true);
  expect(largerIsBetter('intersection', { name: 'intersection', larger_is_better: null })).toBeUndefined();
});

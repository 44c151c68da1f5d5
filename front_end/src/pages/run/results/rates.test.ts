import { expect, it } from 'vitest';

import { accuracyOf, ratesOf } from './rates';

it('reads a matrix whose rows are the truth', () => {
  // 8 + 2 are of the first class, 1 + 9 of the second one.
  const counts = [
    [8, 2],
    [1, 9],
  ];
  expect(ratesOf(counts)).toEqual([
    { recall: 0.8, precision: 8 / 9, total: 10 },
    { recall: 0.9, precision: 9 / 11, total: 10 },
  ]);
  expect(accuracyOf(counts)).toBe(0.85);
});

it('claims nothing about what did not occur', () => {
  expect(
    ratesOf([
      [0, 0],
      [0, 3],
    ])[0],
  ).toEqual({ recall: undefined, precision: undefined, total: 0 });
  expect(accuracyOf([])).toBeUndefined();
});

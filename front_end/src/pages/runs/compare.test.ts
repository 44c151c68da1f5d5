import { expect, it } from 'vitest';

import { compareDocuments } from './compare';

it('compares value by value, whatever the order of the keys', () => {
  const rows = compareDocuments([
    { epochs: 30, net: { rate: 0.1, l2: 0 }, columns: ['a', 'b'] },
    { columns: ['a', 'b'], net: { l2: 0, rate: 0.2 }, epochs: 30 },
  ]);
  expect(rows).toEqual([
    { path: ['epochs'], values: [30, 30], differs: false },
    { path: ['net', 'rate'], values: [0.1, 0.2], differs: true },
    { path: ['net', 'l2'], values: [0, 0], differs: false },
    {
      path: ['columns'],
      values: [
        ['a', 'b'],
        ['a', 'b'],
      ],
      differs: false,
    },
  ]);
});

it('tells what is missing from what is null, false or empty', () => {
  const rows = compareDocuments([{ a: null, b: {} }, {}, { a: null, b: {}, c: false }]);
  expect(rows).toEqual([
    { path: ['a'], values: [null, undefined, null], differs: true },
    { path: ['b'], values: [{}, undefined, {}], differs: true },
    { path: ['c'], values: [undefined, undefined, false], differs: true },
  ]);
});

it('does without documents', () => {
  expect(compareDocuments([undefined, null])).toEqual([]);
});

import { describe, expect, it } from 'vitest';

import { changesOf, diffJson, sameJson } from './jsonDiff';

describe('diffJson', () => {
  it('tells every value of both sides, whatever the order of the keys', () => {
    const left = { epochs: 30, seed: 1, paths: { 'a/b': 1 } };
    const right = { seed: 2, paths: { 'a/b': 1, c: [] }, note: null };
    expect(diffJson(left, right)).toEqual([
      { pointer: '/epochs', label: 'epochs', difference: 'onlyLeft', left: 30 },
      { pointer: '/seed', label: 'seed', difference: 'differs', left: 1, right: 2 },
      { pointer: '/paths/a~1b', label: 'paths › a/b', difference: 'same', left: 1, right: 1 },
      { pointer: '/paths/c', label: 'paths › c', difference: 'onlyRight', right: [] },
      { pointer: '/note', label: 'note', difference: 'onlyRight', right: null },
    ]);
  });

  it('takes a list and an empty object as one value', () => {
    expect(changesOf({ ids: ['a', 'b'], map: {} }, { ids: ['b', 'a'], map: {} })).toEqual([
      { pointer: '/ids', label: 'ids', difference: 'differs', left: ['a', 'b'], right: ['b', 'a'] },
    ]);
    expect(changesOf({ map: {} }, { map: { a: 1 } })).toHaveLength(1);
  });

  it('takes nothing as an empty document', () => {
    expect(diffJson(null, undefined)).toEqual([]);
    expect(changesOf(null, { a: 1 })).toMatchObject([{ pointer: '/a', difference: 'onlyRight' }]);
  });
});

it('null and a missing key are not the same', () => {
  expect(sameJson({ a: null }, {})).toBe(false);
  expect(sameJson({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
});

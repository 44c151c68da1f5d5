import { expect, it } from 'vitest';

import { freeName, stemOf, suggestToken } from './names';

it('finds a name that is free', () => {
  expect(freeName('table', [])).toBe('table');
  expect(freeName('table', ['table', 'table-2'])).toBe('table-3');
});

it('makes a name of a file', () => {
  expect(stemOf('folder/host.data.csv')).toBe('host.data');
  expect(stemOf('.csv')).toBe('.csv');
  expect(stemOf('')).toBe('table');
});

it('suggests words that begin with the task, also when its name has no Latin letter', () => {
  expect(suggestToken('Join A')).toMatch(/^join-a-[a-z]+-[a-z]+-\d\d$/);
  expect(suggestToken('求交')).toMatch(/^[a-z]+-[a-z]+-\d\d$/);
});

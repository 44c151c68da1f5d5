import { expect, it } from 'vitest';

import { HOPS, hopsOf } from './hops';

const step = (checked: string, outcome: string) => ({ checked, outcome, detail: `of ${checked}` });

it('shows what a fault kept from being tried', () => {
  const hops = hopsOf([step('name', 'passed'), step('tcp', 'failed')]);
  expect(hops.map(({ hop }) => hop)).toEqual(HOPS);
  expect(hops.map(({ state }) => state)).toEqual([
    'passed',
    'failed',
    'untried',
    'untried',
    'untried',
    'untried',
    'untried',
  ]);
  expect(hops[1]?.detail).toBe('of tcp');
});

it('an outcome that is not known deserves a look', () => {
  expect(hopsOf([step('clock', 'drifting')]).at(-1)?.state).toBe('warned');
});

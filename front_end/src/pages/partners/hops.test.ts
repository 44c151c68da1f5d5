import { expect, it } from 'vitest';

import type { Schema } from '../../api/client';
import { HOPS, hopsOf } from './hops';

type Step = Schema<'ConnectionStep'>;

const step = (checked: Step['checked'], outcome: Step['outcome']): Step => ({
  checked,
  outcome,
  detail: `of ${checked}`,
});

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
  // A newer server may know more words.
  expect(hopsOf([step('clock', 'drifting' as Step['outcome'])]).at(-1)?.state).toBe('warned');
});

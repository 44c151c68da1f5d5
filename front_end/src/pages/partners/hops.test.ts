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
  const hops = hopsOf({ verdict: 'faulty', steps: [step('name', 'passed'), step('tcp', 'failed')] });
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
  const steps = [step('clock', 'drifting' as Step['outcome'])];
  expect(hopsOf({ verdict: 'good', steps }).at(-1)?.state).toBe('warned');
});

it('a signature that is not accepted yet is no fault', () => {
  const steps = [step('console', 'passed'), step('signature', 'failed')];
  expect(hopsOf({ verdict: 'not_accepted_yet', steps })[5]?.state).toBe('notYet');
  expect(hopsOf({ verdict: 'faulty', steps })[5]?.state).toBe('failed');
});

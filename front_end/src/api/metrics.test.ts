import { expect, it } from 'vitest';

import { knownStep, type Metric, withNewer } from './metrics';

const at = '2026-01-01T00:00:00Z';
const curve = (name: string, ...steps: number[]): Metric => ({
  name,
  total: steps.length,
  points: steps.map((step) => ({ step, value: step, at })),
});

it('asks for what the curve that is furthest behind lacks', () => {
  expect(knownStep([curve('a', 1, 9), curve('b', 1, 4)])).toBe(4);
  expect(knownStep([curve('a', 1), curve('b')])).toBeUndefined();
  expect(knownStep([])).toBeUndefined();
});

it('puts newer points behind those that are known, each once', () => {
  const known = [curve('a', 1, 9), curve('b', 1, 4)];
  expect(withNewer(known, [curve('a', 9, 10), curve('b', 9, 10)])).toEqual([
    curve('a', 1, 9, 10),
    curve('b', 1, 4, 9, 10),
  ]);
  expect(withNewer(known, [])).toEqual(known);
});

it('does not take a new curve for whole', () => {
  expect(withNewer([curve('a', 1)], [curve('c', 2)])).toBeUndefined();
});

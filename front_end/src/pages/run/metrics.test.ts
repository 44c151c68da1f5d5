import { expect, it } from 'vitest';

import type { Metric } from '../../api/instances';
import { groupMetrics, knownStep, mergeMetrics } from './metrics';

const at = '2026-01-01T00:00:00Z';
const curve = (name: string, ...points: [number, number][]): Metric => ({
  name,
  points: points.map(([step, value]) => ({ step, value, at })),
});

it('shows training and validation of one metric together', () => {
  const groups = groupMetrics([
    curve('train/auc', [1, 0.5]),
    curve('loss', [1, 2]),
    curve('validation/auc', [1, 0.4]),
  ]);
  expect(groups).toEqual([
    {
      metric: 'auc',
      curves: [
        { part: 'train', points: [[1, 0.5]] },
        { part: 'validation', points: [[1, 0.4]] },
      ],
    },
    { metric: 'loss', curves: [{ part: '', points: [[1, 2]] }] },
  ]);
});

it('takes newer points over older ones and keeps the rest', () => {
  const known = [curve('a', [1, 1], [2, 2], [3, 3]), curve('b', [1, 1])];
  const merged = mergeMetrics(known, [curve('a', [3, 30], [4, 40]), curve('c', [1, 7]), curve('b')]);
  expect(merged).toEqual([
    curve('a', [1, 1], [2, 2], [3, 30], [4, 40]),
    curve('b', [1, 1]),
    curve('c', [1, 7]),
  ]);
});

it('asks for what the curve that is furthest behind lacks', () => {
  expect(knownStep([curve('a', [1, 1], [9, 1]), curve('b', [1, 1], [4, 1])])).toBe(4);
  expect(knownStep([curve('a', [1, 1]), curve('b')])).toBeUndefined();
  expect(knownStep([])).toBeUndefined();
});

import { expect, it } from 'vitest';

import type { Metric } from '../../api/metrics';
import { groupMetrics } from './metrics';

const at = '2026-01-01T00:00:00Z';
const curve = (name: string, ...points: [number, number][]): Metric => ({
  name,
  total: points.length,
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

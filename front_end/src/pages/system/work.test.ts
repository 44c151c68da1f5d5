import { expect, it } from 'vitest';

import { workState } from './work';

it.each([
  ['starting', { passes: 0, overdue: false }],
  ['good', { passes: 9, last_pass: '2026-03-01T11:59:01Z', overdue: false }],
  ['failing', { passes: 9, last_pass: '2026-03-01T11:59:59Z', last_error: 'no database', overdue: false }],
  ['stuck', { passes: 9, last_pass: '2026-03-01T11:49:00Z', last_error: 'no database', overdue: true }],
])('is %s', (state, reconciler) => {
  expect(workState(reconciler)).toBe(state);
});

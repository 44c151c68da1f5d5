import { expect, it } from 'vitest';

import { workState } from './work';

const asked = Date.parse('2026-03-01T12:00:00Z');

it.each([
  ['starting', { passes: 0 }],
  ['good', { passes: 9, last_pass: '2026-03-01T11:59:01Z' }],
  ['failing', { passes: 9, last_pass: '2026-03-01T11:59:59Z', last_error: 'no database' }],
  ['stuck', { passes: 9, last_pass: '2026-03-01T11:49:00Z', last_error: 'no database' }],
])('is %s', (state, reconciler) => {
  expect(workState(reconciler, asked)).toBe(state);
});

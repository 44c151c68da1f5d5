import { expect, it } from 'vitest';

import { bytesText, durationText, relativeTime } from './time';

const now = Date.parse('2026-03-01T12:00:00Z');

it.each([
  ['2026-03-01T12:00:09Z', 'now'],
  ['2026-03-01T12:00:30Z', 'in 30 seconds'],
  ['2026-03-01T11:59:30Z', '30 seconds ago'],
  ['2026-03-01T10:10:00Z', '1 hour ago'],
  ['2026-02-28T12:00:00Z', 'yesterday'],
  ['2026-03-01T12:10:00Z', 'in 10 minutes'],
])('%s is %s', (at, text) => {
  expect(relativeTime(at, 'en', now)).toBe(text);
});

it.each([
  [0, '0 sec'],
  [380, '0.4 sec'],
  [3_600, '3.6 sec'],
  [4_000, '4 sec'],
  [59_000, '59 sec'],
  [200_000, '3 min 20 sec'],
  [3_600_000, '1 hr'],
  [7_500_000, '2 hr 5 min'],
])('%d ms last %s', (milliseconds, text) => {
  expect(durationText(milliseconds, 'en')).toBe(text);
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_440_000, '1.4 MB'],
])('%d is %s', (bytes, text) => {
  expect(bytesText(bytes, 'en')).toBe(text);
});

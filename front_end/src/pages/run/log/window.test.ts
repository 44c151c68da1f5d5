import { expect, it } from 'vitest';

import type { LogPart, LogLine } from '../../../api/logs';
import { atEnd, type LogWindow, MOST_LINES, windowOf, withArrived, withNewer, withOlder } from './window';

/** A part from one number to before another, of which a filter may leave only each n-th line. */
function part(from: number, to: number, each = 1): LogPart {
  const lines: LogLine[] = [];
  for (let line = from; line < to; line += 1) {
    if (line % each === 0)
      lines.push({ line, at: '2026-01-01T00:00:00Z', level: 'info', role: 'engine', text: '' });
  }
  return { first_line: from, next_line: to, lines };
}

function expectWhole({ lines, first, next }: LogWindow, each = 1) {
  expect(lines.map(({ line }) => line)).toEqual(part(first, next, each).lines.map(({ line }) => line));
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
}

it.each([1, 7])(
  'has no gap and no line twice, scrolling up and down a long log (each %d-th line)',
  (each) => {
    let window = windowOf(part(99_000, 100_000, each));
    while (window.first > 0) {
      window = withOlder(window, part(Math.max(0, window.first - 1500), window.first + 3, each));
      expectWhole(window, each);
    }
    if (each === 1) expect(atEnd(window)).toBe(false);
    while (!atEnd(window)) {
      window = withNewer(window, part(window.next - 2, Math.min(window.next + 1500, 100_000), each));
      expectWhole(window, each);
    }
    expect(window.next).toBe(100_000);
  },
);

it('follows in bounded memory', () => {
  let window = windowOf(part(0, 0));
  for (let from = 0; from < 30_000; from += 500)
    window = withArrived(window, part(from, from + 500), 'follow');
  expectWhole(window);
  expect(window).toMatchObject({ first: 20_000, next: 30_000, newest: 30_000 });
});

it('keeps what is read when lines arrive while the reader is elsewhere', () => {
  let window = windowOf(part(0, MOST_LINES - 100));
  window = withArrived(window, part(window.next, window.next + 80), 'keep');
  expect(window.next).toBe(MOST_LINES - 20);
  window = withArrived(window, part(window.next, window.next + 80), 'keep');
  expect(window).toMatchObject({ first: 0, next: MOST_LINES - 20, newest: MOST_LINES + 60 });
  // A gap must not open, although these would fit.
  window = withArrived(window, part(window.newest, window.newest + 5), 'follow');
  expect(window.next).toBe(MOST_LINES - 20);
  window = withNewer(window, part(window.next, window.newest));
  expectWhole(window);
  expect(atEnd(window)).toBe(true);
});

it('only takes note while the reader has paused it', () => {
  const window = withArrived(windowOf(part(0, 10)), part(10, 20), 'note');
  expect(window).toMatchObject({ next: 10, newest: 20 });
});

it('ignores lines that it has already', () => {
  const window = withArrived(windowOf(part(0, 10)), part(5, 12), 'follow');
  expectWhole(window);
  expect(window.next).toBe(12);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { LogLine } from '../api/logs';
import { FakeEventSource } from '../test/fakeEventSource';
import { followLog, type LogState } from './logs';

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.opened = [];
  vi.stubGlobal('EventSource', FakeEventSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const frame = (first: number, ...texts: string[]) => ({
  first_line: first,
  next_line: first + texts.length,
  lines: texts.map((text, index) => ({
    line: first + index,
    at: '2026-01-01T00:00:00Z',
    level: 'info',
    role: 'guest',
    text,
  })),
});

it('gives each line once over a broken connection, and ends', async () => {
  const lines: LogLine[] = [];
  const states: LogState[] = [];
  followLog({ instance: 'i', attempt: 2, levels: ['warn', 'error'] }, 0, {
    onPart: (part) => lines.push(...part.lines),
    onState: (state) => states.push(state),
  });
  expect(FakeEventSource.last.url).toContain(
    '/instances/i/logs?follow=true&attempt=2&from=0&levels=warn%2Cerror',
  );
  FakeEventSource.last.open();
  FakeEventSource.last.send('lines', frame(0, 'a', 'b'));
  FakeEventSource.last.fail({ givesUp: true });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(FakeEventSource.last.url).toContain('from=2');
  FakeEventSource.last.open();
  FakeEventSource.last.send('lines', frame(1, 'b', 'c'));
  FakeEventSource.last.send('end', { next_line: 3 });
  expect(lines.map(({ line, text }) => [line, text])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ]);
  expect(states).toEqual(['connecting', 'following', 'connecting', 'following', 'ended']);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
});

it('leaves the connection to others while nobody looks', () => {
  const seen = vi.spyOn(document, 'visibilityState', 'get');
  const look = (state: DocumentVisibilityState) => {
    seen.mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const stop = followLog({ instance: 'i', attempt: 1 }, 5, {
    onPart: () => undefined,
    onState: () => undefined,
  });
  FakeEventSource.last.send('lines', frame(5, 'a', 'b'));
  look('hidden');
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
  look('visible');
  expect(FakeEventSource.opened).toHaveLength(2);
  expect(FakeEventSource.last.url).toContain('from=7');
  stop();
  look('visible');
  expect(FakeEventSource.opened).toHaveLength(2);
});

import { useEffect, useState } from 'react';

import type { LogLine } from '../api/instances';
import { address } from '../base';

/** Which part of which log. */
export interface LogQuery {
  instance: string;
  attempt: number;
  /** Only these levels; all without it. */
  levels?: readonly string[];
  /** The first line's number; the log's beginning without it. */
  from?: number;
}

/** A line with its number in the log. */
export interface NumberedLine extends LogLine {
  line: number;
}

/** `connecting` at first and after the connection broke, `following` while lines may come, `ended` after the last one. */
export type LogState = 'connecting' | 'following' | 'ended';

interface LogListener {
  onLines: (lines: NumberedLine[]) => void;
  onState: (state: LogState) => void;
}

interface LinesFrame {
  first_line: number;
  next_line: number;
  lines: LogLine[];
}

const RETRY_MS = 3_000;

/** Follows a log until the returned function is called or the attempt is over. Each line is given once, in order. */
export function followLog(query: LogQuery, { onLines, onState }: LogListener): () => void {
  let next = query.from ?? 0;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    source = new EventSource(logAddress({ ...query, from: next }), { withCredentials: true });
    source.onopen = () => onState('following');
    source.onerror = () => {
      onState('connecting');
      // The browser opens a broken stream again from the last frame's id; after an error as answer it does not.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
    source.addEventListener('lines', (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as LinesFrame;
      // With a filter, lines between the two numbers are left out: numbers then are the order, not the place.
      const lines = frame.lines.map((line, index) => ({ ...line, line: frame.first_line + index }));
      const fresh = frame.first_line < next ? lines.filter(({ line }) => line >= next) : lines;
      next = Math.max(next, frame.next_line);
      if (fresh.length > 0) onLines(fresh);
    });
    source.addEventListener('end', () => {
      source?.close();
      onState('ended');
    });
  };
  onState('connecting');
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}

function logAddress({ instance, attempt, levels, from }: LogQuery): string {
  const query = new URLSearchParams({ follow: 'true', attempt: String(attempt) });
  if (from) query.set('from', String(from));
  if (levels) query.set('levels', levels.join(','));
  return address(`/api/v1/instances/${encodeURIComponent(instance)}/logs?${query.toString()}`);
}

/** The most lines that a page holds; of a longer log it has the newest. */
export const MOST_LINES = 50_000;

/** A log as it is followed. */
export interface FollowedLog {
  lines: readonly NumberedLine[];
  state: LogState;
}

const EMPTY: FollowedLog = { lines: [], state: 'connecting' };

/**
 * A log that grows. Lines that arrive within one frame of the screen are shown together, so a thousand a second stay
 * smooth. Give the component a `key` of instance, attempt and levels: it follows what it was mounted with.
 */
export function useFollowedLog({ instance, attempt, levels, from }: LogQuery): FollowedLog {
  const [log, setLog] = useState<FollowedLog>(EMPTY);
  const wanted = levels?.join(',');
  useEffect(() => {
    let waiting: NumberedLine[] = [];
    let frame: number | undefined;
    const show = () => {
      frame = undefined;
      const fresh = waiting;
      waiting = [];
      setLog(({ lines, state }) => ({ lines: [...lines, ...fresh].slice(-MOST_LINES), state }));
    };
    const query: LogQuery = { instance, attempt };
    if (wanted !== undefined) query.levels = wanted.split(',');
    if (from !== undefined) query.from = from;
    const stop = followLog(query, {
      onLines: (lines) => {
        waiting = waiting.concat(lines);
        frame ??= requestAnimationFrame(show);
      },
      onState: (state) => setLog((log) => ({ ...log, state })),
    });
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
      setLog(EMPTY);
    };
  }, [instance, attempt, wanted, from]);
  return log;
}

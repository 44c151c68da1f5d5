import { holds, type LogPart, type LogQuery } from '../api/instances';
import type { Schema } from '../api/client';
import { address } from '../base';

/** `connecting` at first and after the connection broke, `following` while lines may come, `ended` after the last one. */
export type LogState = 'connecting' | 'following' | 'ended';

interface LogListener {
  /** Lines that were written. A part whose lines are all filtered out is told as well: the log is longer now. */
  onPart: (part: LogPart) => void;
  onState: (state: LogState) => void;
}

const RETRY_MS = 3_000;

/**
 * Follows a log from a line on, until the returned function is called or the attempt is over. Each line is given once,
 * in order.
 */
export function followLog(query: LogQuery, from: number, { onPart, onState }: LogListener): () => void {
  let next = from;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    source = new EventSource(logAddress(query, next), { withCredentials: true });
    source.onopen = () => onState('following');
    source.onerror = () => {
      onState('connecting');
      // The browser opens a broken stream again from the last frame's id; after an error as answer it does not.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
    source.addEventListener('lines', (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as Schema<'LogFrameData'>;
      if (frame.next_line <= next) return;
      const part = {
        first_line: next,
        next_line: frame.next_line,
        lines: frame.lines.filter((line) => line.line >= next && holds(query, line)),
      };
      next = frame.next_line;
      onPart(part);
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

function logAddress({ instance, attempt, levels, role }: LogQuery, from: number): string {
  const query = new URLSearchParams({ follow: 'true', attempt: String(attempt), from: String(from) });
  if (levels) query.set('levels', levels.join(','));
  if (role) query.set('role', role);
  return address(`/api/v1/instances/${encodeURIComponent(instance)}/logs?${query.toString()}`);
}

import type { Schema } from '../api/client';
import { followAddress, type LogPart, type LogQuery } from '../api/logs';

/** `connecting` at first and after the connection broke, `following` while lines may come, `ended` after the last one. */
export type LogState = 'connecting' | 'following' | 'ended';

interface LogListener {
  /** Lines that were written. */
  onPart: (part: LogPart) => void;
  onState: (state: LogState) => void;
}

const RETRY_MS = 3_000;

/**
 * Follows a log from a line on, until the returned function is called or the attempt is over. Each line is given once,
 * in order. A page that nobody sees does not follow: a browser allows few connections to one console for all its tabs.
 */
export function followLog(query: LogQuery, from: number, { onPart, onState }: LogListener): () => void {
  let next = from;
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    source = new EventSource(followAddress(query, next), { withCredentials: true });
    source.onopen = () => onState('following');
    source.onerror = () => {
      onState('connecting');
      // The browser opens a broken stream again from the last frame's id; after an error as answer it does not.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    };
    source.addEventListener('lines', (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as Schema<'LogFrameData'>;
      if (frame.next_line <= next) return;
      // Those between the frames were looked at as well: a filter left them out.
      const part = { ...frame, first_line: next, lines: frame.lines.filter(({ line }) => line >= next) };
      next = frame.next_line;
      onPart(part);
    });
    source.addEventListener('end', () => {
      stop();
      onState('ended');
    });
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
  };
  const followIfSeen = () => {
    close();
    if (document.visibilityState === 'visible') open();
  };
  const stop = () => {
    document.removeEventListener('visibilitychange', followIfSeen);
    close();
  };
  document.addEventListener('visibilitychange', followIfSeen);
  onState('connecting');
  followIfSeen();
  return stop;
}

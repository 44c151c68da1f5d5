import type { LogPart, LogLine } from '../../../api/logs';

/**
 * The part of a log that the page holds. All lines from `first` to before `next` that pass the filter are in `lines`;
 * so a part is known to have no gaps, whatever the filter leaves out.
 */
export interface LogWindow {
  lines: readonly LogLine[];
  first: number;
  next: number;
  /** The number behind the last line that the log is known to have. */
  newest: number;
  /** The number of the first line that is still there: old ones are deleted. */
  oldest: number;
}

/** The most lines that a page holds. */
export const MOST_LINES = 10_000;

/** What to do with lines that arrive: show them, show them if nothing must go for it, or only take note. */
export type Arrival = 'follow' | 'keep' | 'note';

export function windowOf({ first_line, next_line, lines, expired }: LogPart): LogWindow {
  return { lines, first: first_line, next: next_line, newest: next_line, oldest: expired?.before_line ?? 0 };
}

/** Whether the window reaches to the beginning of what is still there of the log. */
export function atBeginning({ first, oldest }: LogWindow): boolean {
  return first <= oldest;
}

/** Whether the window reaches to the log's present end. */
export function atEnd({ next, newest }: LogWindow): boolean {
  return next >= newest;
}

/** Older lines put before the window; when that is too much, its newest lines go. */
export function withOlder(window: LogWindow, part: LogPart): LogWindow {
  const lines = [...part.lines.filter(({ line }) => line < window.first), ...window.lines];
  const first = Math.min(part.first_line, window.first);
  const oldest = part.expired?.before_line ?? window.oldest;
  if (lines.length <= MOST_LINES) return { ...window, lines, first, oldest };
  const kept = lines.slice(0, MOST_LINES);
  return { ...window, lines: kept, first, oldest, next: (kept.at(-1)?.line ?? first) + 1 };
}

/** Newer lines put behind the window; when that is too much, its oldest lines go. */
export function withNewer(window: LogWindow, part: LogPart): LogWindow {
  const newest = Math.max(window.newest, part.next_line);
  // There would be a gap; whoever wants these lines asks for those between first.
  if (part.first_line > window.next) return { ...window, newest };
  const lines = [...window.lines, ...part.lines.filter(({ line }) => line >= window.next)];
  const next = Math.max(window.next, part.next_line);
  if (lines.length <= MOST_LINES) return { ...window, lines, next, newest };
  const kept = lines.slice(-MOST_LINES);
  return { ...window, lines: kept, first: kept[0]?.line ?? next, next, newest };
}

/** Lines that have just been written. */
export function withArrived(window: LogWindow, part: LogPart, arrival: Arrival): LogWindow {
  const fits = window.lines.length + part.lines.length <= MOST_LINES;
  const show = arrival === 'follow' || (arrival === 'keep' && fits);
  // Once lines were only noted, those after them are as well: they come when the reader scrolls there.
  if (show && atEnd(window)) return withNewer(window, part);
  return { ...window, newest: Math.max(window.newest, part.next_line) };
}

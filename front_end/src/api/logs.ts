import { address } from '../base';
import { answer, api, type Schema } from './client';

/** A line of a run's log; it knows its number. */
export type LogLine = Schema<'LogLine'>;

/** A part of a log: what passes the filter of the lines from one number to before another. */
export interface LogPart {
  first_line: number;
  next_line: number;
  lines: readonly LogLine[];
  /** The beginning of the log, if it was deleted because it was too old. */
  expired?: Schema<'Log'>['expired'];
}

/** Which lines of which log. */
export interface LogQuery {
  instance: string;
  attempt: number;
  /** Only these levels; all without it. */
  levels?: readonly string[];
  /** Only this part of the job. */
  role?: string;
  /** Only lines with this text, whatever the case of its letters. */
  contains?: string;
}

/** Where in the log: its last lines, those before a line, or those from a line on. */
export type LogPlace = { tail: number } | { before: number; limit: number } | { from: number; limit: number };

/** A part of a log. */
export async function readLog(query: LogQuery, place: LogPlace, signal: AbortSignal): Promise<LogPart> {
  if ('before' in place) return readBefore(query, place, signal);
  const part = await ask(query, place, signal);
  // With a filter the answer begins at the first line that passes it; those before it were looked at as well.
  return 'from' in place ? { ...part, first_line: place.from } : part;
}

/** The server looks only so far for one answer, and says where it gave up; then it is asked for what is before that. */
async function readBefore(
  query: LogQuery,
  { before, limit }: { before: number; limit: number },
  signal: AbortSignal,
): Promise<LogPart> {
  let from = before;
  let part: Schema<'Log'>;
  do {
    part = await ask(query, { tail: limit, before: from }, signal);
    from = Math.min(part.first_line, from);
  } while (part.lines.length === 0 && from > (part.expired?.before_line ?? 0));
  return { ...part, first_line: from, next_line: before };
}

async function ask(
  { instance, levels, ...query }: LogQuery,
  place: { tail: number; before?: number } | { from: number; limit: number },
  signal: AbortSignal,
): Promise<Schema<'Log'>> {
  const filter = levels ? { ...query, levels: levels.join(',') } : query;
  const call = api.GET('/api/v1/instances/{id}/logs', {
    params: { path: { id: instance }, query: { ...filter, ...place } },
    signal,
  });
  // The answer has other forms, for `follow` and `format`.
  return (await answer(call)) as Schema<'Log'>;
}

/** Where a browser follows a log from, from a line on. */
export function followAddress({ instance, attempt, levels, role, contains }: LogQuery, from: number): string {
  const query = new URLSearchParams({ follow: 'true', attempt: String(attempt), from: String(from) });
  if (levels) query.set('levels', levels.join(','));
  if (role) query.set('role', role);
  if (contains) query.set('contains', contains);
  return logAddress(instance, query);
}

/** Where a browser downloads the whole log of an attempt from, as text. */
export function logDownloadAddress(instance: string, attempt: number): string {
  return logAddress(instance, new URLSearchParams({ format: 'text', attempt: String(attempt) }));
}

function logAddress(instance: string, query: URLSearchParams): string {
  return address(`/api/v1/instances/${encodeURIComponent(instance)}/logs?${query.toString()}`);
}

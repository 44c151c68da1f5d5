import { useSearchParams } from 'react-router';

import { isOneOf } from '../../../components/words';

/** How much a line matters, from the least. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Which lines of the log are shown; the address holds it. */
export interface LogFilter {
  /** The least that a line must matter. */
  level: Level;
  /** Of which part of the job; of all without it. */
  role: string | undefined;
  /** What a line must contain. */
  text: string | undefined;
}

export function useLogFilter(): { filter: LogFilter; change: (part: Partial<LogFilter>) => void } {
  const [search, setSearch] = useSearchParams();
  const level = search.get('level') ?? '';
  const filter: LogFilter = {
    level: isOneOf(LEVELS, level) ? level : 'debug',
    role: search.get('role') ?? undefined,
    text: search.get('text') ?? undefined,
  };
  const change = (part: Partial<LogFilter>) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [key, value] of Object.entries(part)) {
          if (!value || value === 'debug') after.delete(key);
          else after.set(key, value);
        }
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return { filter, change };
}

/** The levels that a filter lets through; undefined for all. */
export function levelsFrom(level: Level): readonly Level[] | undefined {
  return level === 'debug' ? undefined : LEVELS.slice(LEVELS.indexOf(level));
}

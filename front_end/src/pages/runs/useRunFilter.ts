import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { InstanceFilter } from '../../api/instances';
import { isOneOf, RUN_STATES, type RunState } from '../../components/words';

/** Which runs the list shows, and which are picked to be compared; the address holds it. */
export interface RunFilter {
  project?: string;
  /** The first version of a task. */
  task?: string;
  states: readonly RunState[];
  /** Days in the operator's zone, both included: `2026-03-01`. */
  from?: string;
  to?: string;
  /** With warnings only. */
  warnings?: boolean;
}

/** The most runs that can be compared. */
export const MOST_COMPARED = 8;

export function useRunFilter() {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => parse(search), [search]);
  const picked = useMemo(
    (): readonly string[] => search.get('pick')?.split(',').filter(Boolean) ?? [],
    [search],
  );

  const change = (
    part: Partial<
      Record<'project' | 'task' | 'state' | 'from' | 'to' | 'warnings' | 'pick', string | undefined>
    >,
  ) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [key, value] of Object.entries(part)) {
          if (value) after.set(key, value);
          else after.delete(key);
        }
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return { filter, picked, change };
}

function parse(search: URLSearchParams): RunFilter {
  const filter: RunFilter = {
    states: (search.get('state') ?? '').split(',').filter((word) => isOneOf(RUN_STATES, word)),
  };
  const [project, task, from, to] = ['project', 'task', 'from', 'to'].map((key) => search.get(key));
  if (project) filter.project = project;
  if (task) filter.task = task;
  if (from && isDay(from)) filter.from = from;
  if (to && isDay(to)) filter.to = to;
  if (search.get('warnings') === 'yes') filter.warnings = true;
  return filter;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The filter in the words of the API: moments instead of days. */
export function toQuery({ project, task, states, from, to, warnings }: RunFilter): InstanceFilter {
  const query: InstanceFilter = {};
  if (project) query.project = project;
  if (task) query.task_root = task;
  if (states.length > 0) query.status = states.join(',');
  if (warnings) query.warnings = true;
  if (from) query.created_after = midnight(from, 0).toISOString();
  if (to) query.created_before = midnight(to, 1).toISOString();
  return query;
}

/** The beginning of a day in the operator's zone, or of one so many days later. */
function midnight(day: string, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}

import { useQueries } from '@tanstack/react-query';

import type { ApiError } from '../../api/error';
import { type Instance, instanceQuery, type RunResult, resultsQuery } from '../../api/instances';
import { type Metric, metricsQuery } from '../../api/metrics';
import { type Task, taskQuery } from '../../api/tasks';

/** A run with what is compared of it; its present attempt counts. */
export interface ComparedRun {
  run: Instance;
  /** Undefined when the task version is gone. */
  task: Task | undefined;
  metrics: readonly Metric[];
  results: readonly RunResult[];
}

/** Loads runs for a comparison. Those that are not there are told apart from those that are still being loaded. */
export function useCompared(ids: readonly string[]) {
  const runs = useQueries({ queries: ids.map((id) => instanceQuery(id)) });
  const found = runs.flatMap(({ data }) => data ?? []);
  const tasks = useQueries({ queries: found.map((run) => taskQuery(run.task_id)) });
  const metrics = useQueries({ queries: found.map((run) => metricsQuery(run.id, run.attempt)) });
  const results = useQueries({ queries: found.map((run) => resultsQuery(run.id, run.attempt)) });

  const compared = found.map((run, index): ComparedRun => ({
    run,
    task: tasks[index]?.data,
    metrics: metrics[index]?.data ?? [],
    results: results[index]?.data ?? [],
  }));
  const all = [...runs, ...tasks, ...metrics, ...results];
  const failed = runs.flatMap(({ error, refetch }, index): Failed[] =>
    error ? [{ id: ids[index] ?? '', error, retry: () => void refetch() }] : [],
  );
  return { compared, pending: all.some(({ isPending }) => isPending), failed };
}

interface Failed {
  id: string;
  error: ApiError;
  retry: () => void;
}

import { useQueries, useQuery } from '@tanstack/react-query';

import { enginesQuery } from '../../api/engines';
import type { ApiError } from '../../api/error';
import { type Instance, instanceQuery, type RunResult, resultsQuery } from '../../api/instances';
import { type Metric, metricsQuery } from '../../api/metrics';
import { type Task, taskQuery } from '../../api/tasks';
import { engineOf, type EngineOfTask } from '../../components/task-config/engine';

/** A run with what is compared of it; its present attempt counts. */
export interface ComparedRun {
  run: Instance;
  /** Undefined when the task version is gone. */
  task: Task | undefined;
  /** What runs it; undefined when this console has it no more. */
  engine: EngineOfTask | undefined;
  metrics: readonly Metric[];
  results: readonly RunResult[];
}

/** Loads runs for a comparison. Those that are not there are told apart from those that are still being loaded. */
export function useCompared(ids: readonly string[]) {
  const engines = useQuery(enginesQuery);
  const runs = useQueries({ queries: ids.map((id) => instanceQuery(id)) });
  const found = runs.flatMap(({ data }) => data ?? []);
  const tasks = useQueries({ queries: found.map((run) => taskQuery(run.task_id)) });
  const metrics = useQueries({ queries: found.map((run) => metricsQuery(run.id, run.attempt)) });
  const results = useQueries({ queries: found.map((run) => resultsQuery(run.id, run.attempt)) });

  const compared = found.map((run, index): ComparedRun => ({
    run,
    task: tasks[index]?.data,
    engine: tasks[index]?.data && engineOf(engines.data, tasks[index].data),
    metrics: metrics[index]?.data ?? [],
    results: results[index]?.data ?? [],
  }));
  const all = [engines, ...runs, ...tasks, ...metrics, ...results];
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

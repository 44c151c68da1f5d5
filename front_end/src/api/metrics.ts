import { queryOptions } from '@tanstack/react-query';

import { answer, api, type Schema } from './client';
import { keys } from './keys';

export type Metric = Schema<'Metric'>;

interface Known {
  metrics: readonly Metric[];
  /** When the curves were last loaded as a whole. */
  wholeAt: number;
}

/**
 * So often at most the curves of a run are loaded as a whole; between that, only what is new. A run that was taken up
 * again may say steps once more, and only whole curves are thinned.
 */
const WHOLE_EVERY_MS = 30_000;

/** The curves of an attempt, by name. */
export const metricsQuery = (id: string, attempt: number) => {
  const queryKey = keys.instances.part(id, 'metrics', { attempt });
  const load = (signal: AbortSignal, after_step?: number) => {
    const query = { attempt, ...(after_step !== undefined && { after_step }) };
    return answer(api.GET('/api/v1/instances/{id}/metrics', { params: { path: { id }, query }, signal }));
  };
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<Known> => {
      const known = client.getQueryData<Known>(queryKey);
      const step =
        known && Date.now() - known.wholeAt < WHOLE_EVERY_MS ? knownStep(known.metrics) : undefined;
      if (known && step !== undefined) {
        const metrics = withNewer(known.metrics, await load(signal, step));
        if (metrics) return { ...known, metrics };
      }
      return { metrics: await load(signal), wholeAt: Date.now() };
    },
    select: ({ metrics }) => metrics,
  });
};

/** The step up to which all curves are known; undefined when nothing is. */
export function knownStep(metrics: readonly Metric[]): number | undefined {
  const least = Math.min(...metrics.map(({ points }) => points.at(-1)?.step ?? -Infinity));
  return Number.isFinite(least) ? least : undefined;
}

/** Known curves with newer points behind them; undefined when there is a new curve, of which more may be missing. */
export function withNewer(known: readonly Metric[], newer: readonly Metric[]): Metric[] | undefined {
  if (newer.some(({ name }) => !known.some((metric) => metric.name === name))) return undefined;
  return known.map((metric) => {
    const last = metric.points.at(-1)?.step ?? -Infinity;
    const found = newer.find(({ name }) => name === metric.name)?.points ?? [];
    const points = found.filter(({ step }) => step > last);
    return points.length === 0
      ? metric
      : { ...metric, points: [...metric.points, ...points], total: metric.total + points.length };
  });
}

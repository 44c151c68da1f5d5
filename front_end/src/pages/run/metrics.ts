import type { Metric } from '../../api/metrics';
import type { Line } from '../../components/chart/types';

/** Curves that belong on one chart: the same metric on several parts of the rows. */
export interface MetricGroup {
  metric: string;
  /** By part (`train`, `validation`); the name is empty for a curve without parts. */
  curves: { part: string; points: Line['points'] }[];
}

/** Puts the curves of one metric together. Their names are `part/metric`, or `metric`. */
export function groupMetrics(metrics: readonly Metric[]): MetricGroup[] {
  const groups = new Map<string, MetricGroup>();
  for (const { name, points } of metrics) {
    const [part, metric] = splitName(name);
    const group = groups.get(metric) ?? { metric, curves: [] };
    group.curves.push({ part, points: points.map(({ step, value }) => [step, value]) });
    groups.set(metric, group);
  }
  return [...groups.values()];
}

/** The part and the metric of a curve's name. */
export function splitName(name: string): [part: string, metric: string] {
  const cut = name.lastIndexOf('/');
  return cut < 0 ? ['', name] : [name.slice(0, cut), name.slice(cut + 1)];
}

/** The value at the last step. */
export function finalValue({ points }: Metric): number | undefined {
  return points.at(-1)?.value;
}

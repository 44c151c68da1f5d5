import type { Metric } from '../../api/instances';
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

/** The newer points put into what is known: the same step again replaces its value. */
export function mergeMetrics(known: readonly Metric[], newer: readonly Metric[]): Metric[] {
  const merged = new Map(known.map((metric) => [metric.name, metric]));
  for (const { name, points } of newer) {
    const [first] = points;
    const before = merged.get(name)?.points ?? [];
    // Points come by step, and those from the first new one on are all there.
    const kept = first ? before.filter(({ step }) => step < first.step) : before;
    merged.set(name, { name, points: [...kept, ...points] });
  }
  return [...merged.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The step up to which all curves are known; undefined when nothing is. */
export function knownStep(metrics: readonly Metric[]): number | undefined {
  const last = metrics.map(({ points }) => points.at(-1)?.step ?? -Infinity);
  const least = Math.min(...last);
  return Number.isFinite(least) ? least : undefined;
}

/** The value at the last step. */
export function finalValue({ points }: Metric): number | undefined {
  return points.at(-1)?.value;
}

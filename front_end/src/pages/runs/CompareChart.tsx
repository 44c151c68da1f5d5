import { Flex, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '../../components/chart/LineChart';
import type { Line } from '../../components/chart/types';
import { useMetricName } from '../run/useMetricName';
import { useSummary } from '../run/useSummary';
import type { ComparedRun } from './useCompared';
import { useLabels } from './useLabels';

interface Props {
  runs: readonly ComparedRun[];
  metric: string | undefined;
  onMetric: (metric: string) => void;
}

/** One metric of all runs. */
export function CompareChart({ runs, metric, onMetric }: Props) {
  const { t } = useTranslation('runs');
  const name = useMetricName();
  const labels = useLabels(runs);
  const summary = useSummary();
  const names = useMemo(() => metricNames(runs), [runs]);
  const shown = names.find((known) => known === metric) ?? firstChoice(names);
  const lines = useMemo(
    () =>
      runs.flatMap(({ metrics }, index): Line[] => {
        const points = metrics.find((known) => known.name === shown)?.points;
        const label = labels[index];
        if (!points || label === undefined) return [];
        return [{ name: label, colour: index, points: points.map(({ step, value }) => [step, value]) }];
      }),
    [runs, shown, labels],
  );
  if (shown === undefined) return <p className="runs-nothing">{t('compare.noMetrics')}</p>;
  const title = name.full(shown);
  return (
    <Flex vertical gap={12}>
      <Select
        className="runs-metric"
        aria-label={t('compare.metric')}
        value={shown}
        onChange={onMetric}
        options={names.map((value) => ({ value, label: name.full(value) }))}
      />
      <LineChart
        title={title}
        summary={summary(title, lines)}
        lines={lines}
        xName={t('compare.step')}
        yName=""
        wholeX
        height={320}
      />
    </Flex>
  );
}

/** The names of all curves that any of the runs has. */
export function metricNames(runs: readonly ComparedRun[]): string[] {
  return [...new Set(runs.flatMap(({ metrics }) => metrics.map((metric) => metric.name)))].sort();
}

/** What was measured on rows that were not trained on says most. */
function firstChoice(names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith('validation/')) ?? names[0];
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Instance } from '../../api/instances';
import { type Metric, metricsQuery } from '../../api/metrics';
import { LineChart } from '../../components/chart/LineChart';
import type { Line } from '../../components/chart/types';
import { Loaded } from '../../components/Loaded';
import { isActive } from '../../components/words';
import { groupMetrics, type MetricGroup } from './metrics';
import { useMetricName } from './useMetricName';
import { useSummary } from './useSummary';

interface Props {
  run: Instance;
  attempt: number;
}

/** A chart for each metric, with training and validation on the same one. They grow while the run goes on. */
export function MetricCharts({ run, attempt }: Props) {
  const { t } = useTranslation('run');
  const metrics = useQuery(metricsQuery(run.id, attempt));
  const goesOn = isActive(run.status) && attempt === run.attempt;
  return (
    <Loaded query={metrics} rows={4}>
      {(found) =>
        found.length === 0 ? (
          <p className="run-nothing">{t(goesOn ? 'metrics.later' : 'metrics.none')}</p>
        ) : (
          <Groups metrics={found} />
        )
      }
    </Loaded>
  );
}

function Groups({ metrics }: { metrics: readonly Metric[] }) {
  const groups = useMemo(() => groupMetrics(metrics), [metrics]);
  return (
    <div className="run-charts">
      {groups.map((group) => (
        <GroupChart key={group.metric} group={group} />
      ))}
    </div>
  );
}

// The same part has the same colour on each chart, whichever others there are.
const COLOURS: Record<string, number> = { train: 0, validation: 1, test: 2 };

function GroupChart({ group: { metric, curves } }: { group: MetricGroup }) {
  const { t } = useTranslation('run');
  const name = useMetricName();
  const summary = useSummary();
  const lines = useMemo(
    () =>
      curves.map(({ part, points }, index): Line => {
        const called = part ? name.part(part) : name.metric(metric);
        return { name: called, points, colour: COLOURS[part] ?? index, dashed: part === 'train' };
      }),
    [curves, metric, name],
  );
  return (
    <LineChart
      title={name.metric(metric)}
      summary={summary(name.metric(metric), lines)}
      lines={lines}
      xName={t('metrics.step')}
      yName=""
      wholeX
      height={230}
    />
  );
}

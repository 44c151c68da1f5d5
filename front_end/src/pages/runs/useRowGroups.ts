import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { durationText } from '../../components/time';
import { finalValue } from '../run/metrics';
import { useFigures } from '../run/results/useFigures';
import { useMetricName } from '../run/useMetricName';
import { metricNames } from './CompareChart';
import { compareDocuments, type ComparedRow, comparedRow } from './compare';
import type { ComparedRun } from './useCompared';

/** Rows of a comparison that belong together. */
export interface RowGroup {
  title: string;
  rows: readonly ComparedRow[];
  /** What is said when there are no rows at all. */
  none: string;
  /** Whether a difference is worth pointing out; results differ always. */
  marks: boolean;
}

/** What is compared: the config's parameters, the results' figures, the metrics' last values, and the run itself. */
export function useRowGroups(runs: readonly ComparedRun[]): RowGroup[] {
  const { t } = useTranslation(['runs', 'common']);
  const metric = useMetricName();
  const figures = useFigures();
  const about = useAbout();
  return useMemo(
    () => [
      {
        title: t('compare.parameters'),
        rows: compareDocuments(runs.map(({ task }) => task?.config)),
        none: t('compare.noParameters'),
        marks: true,
      },
      {
        title: t('compare.results'),
        rows: compareDocuments(runs.map(({ results }) => figures(results))),
        none: t('compare.noResults'),
        marks: false,
      },
      {
        title: t('compare.finalMetrics'),
        rows: metricNames(runs).map((name) =>
          comparedRow(
            [metric.full(name)],
            runs.map(({ metrics }) => finalOf(metrics, name)),
          ),
        ),
        none: t('compare.noMetrics'),
        marks: false,
      },
      { title: t('compare.about'), rows: about(runs), none: '', marks: false },
    ],
    [t, runs, metric, figures, about],
  );
}

function finalOf(metrics: ComparedRun['metrics'], name: string): number | undefined {
  const found = metrics.find((metric) => metric.name === name);
  return found && finalValue(found);
}

function useAbout(): (runs: readonly ComparedRun[]) => ComparedRow[] {
  const { t, i18n } = useTranslation(['runs', 'common']);
  return useMemo(() => {
    const took = ({ started_at, ended_at }: ComparedRun['run']) =>
      started_at && ended_at
        ? durationText(Date.parse(ended_at) - Date.parse(started_at), i18n.language)
        : undefined;
    const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
    const rows: [string, (run: ComparedRun['run']) => string | undefined][] = [
      [t('common:field.project'), ({ project_name }) => project_name ?? undefined],
      [t('common:field.partner'), ({ partner }) => partner.name ?? undefined],
      [t('column.version'), ({ task_version }) => task_version ?? undefined],
      [t('column.engine'), ({ engine }) => engine ?? undefined],
      [t('column.attempt'), ({ attempt }) => String(attempt)],
      [t('common:field.created'), ({ created_at }) => moment.format(new Date(created_at))],
      [t('column.duration'), took],
      [t('common:field.comment'), ({ comment }) => comment ?? undefined],
    ];
    return (runs) =>
      rows.map(([title, read]) =>
        comparedRow(
          [title],
          runs.map(({ run }) => read(run)),
        ),
      );
  }, [t, i18n.language]);
}

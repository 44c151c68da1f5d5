import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { isObject } from '../../components/jsonDiff';
import { orderedKeys, propertyOf, titleOf } from '../../components/schemaTexts';
import { durationText } from '../../components/time';
import { taskVersionText } from '../../components/versionText';
import { finalValue, splitName } from '../run/metrics';
import { figuresOf } from '../run/results/figures';
import { useWords } from '../run/results/useWords';
import { useMetricName } from '../run/useMetricName';
import { useStarter } from '../run/useStarter';
import { metricNames } from './CompareChart';
import { compareDocuments, type ComparedRow, comparedRow, largerIsBetter, withBest } from './compare';
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
  const words = useWords();
  const about = useAbout();
  const { language } = useTranslation().i18n;
  const mainFigure = runs.find(({ engine }) => engine?.mainFigure)?.engine?.mainFigure;
  return useMemo(
    () => [
      {
        title: t('compare.parameters'),
        rows: compareDocuments(runs.map(parameters)).map(({ path: [key = '', ...inner], ...row }) => ({
          ...row,
          path: [titleOf(schemaWith(runs, key), key, language), ...inner],
        })),
        none: t('compare.noParameters'),
        marks: true,
      },
      {
        title: t('compare.results'),
        rows: compareDocuments(runs.map(({ results }) => figuresOf(results))).map(
          ({ path: [name = ''], ...row }) =>
            withBest({ ...row, path: [words(name)] }, largerIsBetter(name, mainFigure)),
        ),
        none: t('compare.noResults'),
        marks: false,
      },
      {
        title: t('compare.finalMetrics'),
        rows: metricNames(runs).map((name) =>
          withBest(
            comparedRow(
              [metric.full(name)],
              runs.map(({ metrics }) => finalOf(metrics, name)),
            ),
            betterMetric(name, mainFigure),
          ),
        ),
        none: t('compare.noMetrics'),
        marks: false,
      },
      { title: t('compare.about'), rows: about(runs), none: '', marks: false },
    ],
    [t, runs, metric, words, about, mainFigure, language],
  );
}

/** The first schema that has a setting: runs of different tasks have different ones. */
function schemaWith(runs: readonly ComparedRun[], key: string): Record<string, unknown> | undefined {
  const schemas = runs.map(({ engine }) => engine?.schema);
  return schemas.find((schema) => isObject(schema?.properties) && key in schema.properties);
}

/** The settings of a run: what its config says, and what holds where it says nothing. */
function parameters({ task, engine }: ComparedRun): unknown {
  if (!task) return undefined;
  const keys = engine?.schema ? orderedKeys(engine.schema) : [];
  const defaults = keys.map((key): [string, unknown] => [key, propertyOf(engine?.schema, key).default]);
  const given = isObject(task.config) ? task.config : {};
  const said = defaults.filter(([, value]) => value !== undefined && value !== null);
  return { ...Object.fromEntries(said), ...given };
}

/** How well a model fits the rows that it has learnt from says nothing about which one is better. */
function betterMetric(name: string, main: Parameters<typeof largerIsBetter>[1]): boolean | undefined {
  const [part, metric] = splitName(name);
  return part === 'train' ? undefined : largerIsBetter(metric, main);
}

function finalOf(metrics: ComparedRun['metrics'], name: string): number | undefined {
  const found = metrics.find((metric) => metric.name === name);
  return found && finalValue(found);
}

function useAbout(): (runs: readonly ComparedRun[]) => ComparedRow[] {
  const { t, i18n } = useTranslation(['runs', 'common']);
  const starter = useStarter();
  return useMemo(() => {
    const took = ({ started_at, ended_at }: ComparedRun['run']) =>
      started_at && ended_at
        ? durationText(Date.parse(ended_at) - Date.parse(started_at), i18n.language)
        : undefined;
    const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
    const rows: [string, (run: ComparedRun['run']) => string | undefined][] = [
      [t('common:field.project'), ({ project_name }) => project_name ?? undefined],
      [t('common:field.partner'), ({ partner }) => partner.name ?? undefined],
      [t('column.version'), (run) => taskVersionText(run) || undefined],
      [t('column.startedBy'), starter],
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
  }, [t, i18n.language, starter]);
}

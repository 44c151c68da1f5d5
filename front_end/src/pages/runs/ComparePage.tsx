import { Alert, Flex } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { Empty } from '../../components/Empty';
import { Loading } from '../../components/Loading';
import { PageHeader } from '../../components/PageHeader';
import { Problem } from '../../components/Problem';
import { Section } from '../../components/Section';
import { CompareChart } from './CompareChart';
import { CompareTable } from './CompareTable';
import './runs.css';
import { useCompared } from './useCompared';
import { MOST_COMPARED } from './useRunFilter';

/** Two to eight runs side by side: the parameters that differ, what came out, and one metric of all on one chart. */
export default function ComparePage() {
  const { t } = useTranslation('runs');
  const [search, setSearch] = useSearchParams();
  const wanted = useMemo(() => [...new Set((search.get('ids') ?? '').split(',').filter(Boolean))], [search]);
  const ids = useMemo(() => wanted.slice(0, MOST_COMPARED), [wanted]);
  const { compared, pending, failed } = useCompared(ids);
  const change = (key: string, value: string | undefined) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(key, value);
        else after.delete(key);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  const more = `/runs?${new URLSearchParams({ pick: ids.join(',') }).toString()}`;

  return (
    <>
      <PageHeader
        title={t('compare.title')}
        trail={[{ title: t('title'), to: '/runs' }]}
        actions={ids.length < MOST_COMPARED && <Link to={more}>{t('compare.add')}</Link>}
      />
      <Flex vertical gap={16}>
        {wanted.length > MOST_COMPARED && (
          <Alert
            type="info"
            showIcon
            title={t('compare.tooMany', { most: MOST_COMPARED, count: wanted.length })}
          />
        )}
        {failed.map(({ id, error, retry }) => (
          <section key={id} aria-label={id}>
            <p>{t('compare.missing', { id })}</p>
            <Problem error={error} onRetry={retry} />
          </section>
        ))}
        {pending ? (
          <Loading rows={12} />
        ) : compared.length < 2 ? (
          <Empty text={t('compare.tooFew')}>
            <Link to={more}>{t('compare.add')}</Link>
          </Empty>
        ) : (
          <>
            <Section title={t('compare.metrics')}>
              <CompareChart
                runs={compared}
                metric={search.get('metric') ?? undefined}
                onMetric={(metric) => change('metric', metric)}
              />
            </Section>
            <CompareTable
              runs={compared}
              onlyDifferent={search.get('only') !== 'all'}
              onOnlyDifferent={(only) => change('only', only ? undefined : 'all')}
              onRemove={(id) => change('ids', ids.filter((other) => other !== id).join(','))}
            />
          </>
        )}
      </Flex>
    </>
  );
}

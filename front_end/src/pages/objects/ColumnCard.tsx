import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../api/client';
import { KeyValue } from '../../components/KeyValue';
import { useNumbers } from '../../components/useNumbers';
import { Bars } from './Bars';

type Column = Schema<'ColumnProfile'>;

/** So few different values are shown as bars instead of a distribution. */
const FEW = 12;

/** What is in one column. */
export function ColumnCard({ column, rows }: { column: Column; rows: number }) {
  const { t } = useTranslation('objects');
  const name = column.name || t('profile.nameless');
  const mayBeId = column.duplicates?.value === 0 && column.missing === 0 && rows > 1;
  return (
    <section className="profile-column" aria-label={name}>
      <header>
        <h3 title={name}>{name}</h3>
        <Tag>{t(`profile.kind.${column.kind}`)}</Tag>
      </header>
      <Picture column={column} name={name} />
      <Facts column={column} rows={rows} />
      {mayBeId && <p className="muted">{t('profile.mayBeId')}</p>}
    </section>
  );
}

function Picture({ column, name }: { column: Column; name: string }) {
  const { t } = useTranslation('objects');
  const { number } = useNumbers();
  const { numbers, frequent, distinct, frequent_are_estimates } = column;
  if (numbers && numbers.histogram.length > 1 && distinct.value > FEW) {
    const bars = numbers.histogram.map(({ from, to, count }) => ({
      count,
      text: t('profile.bar', { from: number(from), to: number(to), count, formatted: number(count) }),
    }));
    return <Bars label={t('profile.histogram', { name })} bars={bars} />;
  }
  const most = frequent[0]?.count ?? 0;
  if (most <= 1) return null;
  return (
    <table className="profile-frequent" aria-label={t('profile.frequent', { name })}>
      <tbody>
        {frequent.slice(0, 6).map(({ value, count }) => (
          <tr key={value}>
            <th scope="row" title={value}>
              {value}
            </th>
            <td>
              <span className="profile-share" style={{ width: `${(100 * count) / most}%` }} />
            </td>
            <td className="numbers">
              <Estimate is={frequent_are_estimates}>{number(count)}</Estimate>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Facts({ column, rows }: { column: Column; rows: number }) {
  const { t } = useTranslation('objects');
  const { number, percent } = useNumbers();
  const { kind, missing, unlike, distinct, duplicates, smallest, largest, numbers } = column;
  const isDate = kind === 'date';
  // The ends of texts say nothing; those of numbers are written as the other figures are.
  const end = (value: string | null | undefined) =>
    numbers && value ? number(Number(value)) : kind !== 'text' && value;
  const of = (count: number) =>
    t('profile.share', { value: number(count), percent: percent(rows > 0 ? count / rows : 0) });
  const quantile = (rank: number) => numbers?.quantiles.find((quantile) => quantile.rank === rank)?.value;
  const [low, median, high] = [0.25, 0.5, 0.75].map(quantile);
  const estimated = numbers?.are_estimates ?? false;
  return (
    <KeyValue
      items={[
        { label: t('profile.missing'), value: missing > 0 ? of(missing) : '0' },
        {
          label: t('profile.distinct'),
          value: <Estimate is={distinct.is_estimate}>{number(distinct.value)}</Estimate>,
        },
        {
          label: t('profile.duplicates'),
          value: duplicates && duplicates.value > 0 && (
            <Estimate is={duplicates.is_estimate}>{of(duplicates.value)}</Estimate>
          ),
        },
        {
          label: t('profile.unlike'),
          value: unlike > 0 && <span title={t('profile.unlikeHint')}>{of(unlike)}</span>,
        },
        { label: t(isDate ? 'profile.earliest' : 'profile.smallest'), value: end(smallest) },
        { label: t(isDate ? 'profile.latest' : 'profile.largest'), value: end(largest) },
        { label: t('profile.mean'), value: numbers && number(numbers.mean) },
        { label: t('profile.deviation'), value: numbers && number(numbers.deviation) },
        {
          label: t('profile.median'),
          value: median !== undefined && <Estimate is={estimated}>{number(median)}</Estimate>,
        },
        {
          label: t('profile.middle'),
          value: low !== undefined && high !== undefined && (
            <Estimate is={estimated}>{t('profile.range', { from: number(low), to: number(high) })}</Estimate>
          ),
        },
      ]}
    />
  );
}

/** A value that may be off says so. */
function Estimate({ is, children }: { is: boolean; children: ReactNode }) {
  const { t } = useTranslation('objects');
  if (!is) return children;
  return (
    <span title={t('profile.estimates')}>
      {'≈ '}
      {children}
    </span>
  );
}

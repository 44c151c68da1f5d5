import { useTranslation } from 'react-i18next';

import { accuracyOf, ratesOf, share } from './rates';
import { useNumbers } from '../../../components/useNumbers';

interface Props {
  title: string;
  classes: readonly string[];
  counts: readonly (readonly number[])[];
}

/** How the predictions fell, class by class: how many, and the rates that follow. */
export function Confusion({ title, classes, counts }: Props) {
  const { t } = useTranslation('run');
  const { number, percent } = useNumbers();
  const rates = ratesOf(counts);
  return (
    <div className="run-scroll">
      <table className="run-confusion">
        <caption>{title}</caption>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col">
                {t('confusion.predicted', { name })}
              </th>
            ))}
            <th scope="col">{t('confusion.recall')}</th>
          </tr>
        </thead>
        <tbody>
          {counts.map((row, truth) => (
            <tr key={classes[truth]}>
              <th scope="row">{t('confusion.true', { name: classes[truth] })}</th>
              {row.map((count, predicted) => (
                <Cell
                  key={classes[predicted]}
                  count={count}
                  rate={share(count, rates[truth]?.total ?? 0)}
                  right={truth === predicted}
                />
              ))}
              <td className="numbers">{percent(rates[truth]?.recall)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('confusion.precision')}</th>
            {rates.map(({ precision }, index) => (
              <td key={classes[index]} className="numbers">
                {percent(precision)}
              </td>
            ))}
            <td className="numbers">
              <span className="visually-hidden">{t('confusion.accuracy')}</span>
              {percent(accuracyOf(counts))}
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="muted">
        {t('confusion.note', { total: number(rates.reduce((sum, { total }) => sum + total, 0)) })}
      </p>
    </div>
  );
}

/** The deeper the colour, the larger the share of what is truly so; the number is there for those who cannot see it. */
function Cell({ count, rate, right }: { count: number; rate: number | undefined; right: boolean }) {
  const { number, percent } = useNumbers();
  const depth = Math.round((rate ?? 0) * 45);
  const colour = right ? 'var(--right)' : 'var(--wrong)';
  return (
    <td className="numbers" style={{ background: `color-mix(in srgb, ${colour} ${depth}%, transparent)` }}>
      <strong>{number(count)}</strong> <small>{percent(rate)}</small>
    </td>
  );
}

import { useTranslation } from 'react-i18next';

import { useMetricName } from '../useMetricName';
import type { Figure } from './parts';
import { useNumbers } from '../../../components/useNumbers';
import { useWords } from './useWords';

/** Figures with their names, the way one reads them from afar. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  const { t } = useTranslation('run');
  const { number } = useNumbers();
  const words = useWords();
  const { part } = useMetricName();
  const text = ({ name, value }: Figure) => {
    if (typeof value === 'number') return number(value);
    if (name === 'part' && typeof value === 'string') return part(value);
    if (name === 'model' && value === 'vertical_logistic_regression') return t('figure.logisticRegression');
    return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : value;
  };
  return (
    <dl className="run-figures">
      {figures.map((figure) => (
        <div key={figure.name}>
          <dt>{words(figure.name)}</dt>
          <dd className="numbers">{text(figure)}</dd>
        </div>
      ))}
    </dl>
  );
}

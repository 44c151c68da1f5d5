import { useTranslation } from 'react-i18next';

import type { Figure } from './parts';
import { useNumbers } from './useNumbers';
import { useWords } from './useWords';

/** Figures with their names, the way one reads them from afar. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  const { t } = useTranslation('run');
  const { number } = useNumbers();
  const words = useWords();
  const text = (value: Figure['value']) => {
    if (typeof value === 'number') return number(value);
    return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : value;
  };
  return (
    <dl className="run-figures">
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt>{words(name)}</dt>
          <dd className="numbers">{text(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

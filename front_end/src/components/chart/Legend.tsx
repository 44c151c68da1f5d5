import { useTranslation } from 'react-i18next';

import { lineColour } from './palette';
import type { Line } from './types';

interface Props {
  lines: readonly Line[];
  hidden: ReadonlySet<string>;
  onToggle: (name: string) => void;
  scheme: 'light' | 'dark';
}

/** The lines by name; each is a switch that shows and hides its line. */
export function Legend({ lines, hidden, onToggle, scheme }: Props) {
  const { t } = useTranslation('components');
  return (
    <div className="chart-legend" role="group" aria-label={t('chart.lines')}>
      {lines.map(({ name, colour, dashed, reference }, index) =>
        reference ? null : (
          <button key={name} type="button" aria-pressed={!hidden.has(name)} onClick={() => onToggle(name)}>
            <svg width="22" height="8" aria-hidden="true">
              <line
                x1="1"
                x2="21"
                y1="4"
                y2="4"
                stroke={lineColour(colour ?? index, scheme)}
                strokeWidth="2.5"
                strokeDasharray={dashed ? '5 3' : undefined}
              />
            </svg>
            {name}
          </button>
        ),
      )}
    </div>
  );
}

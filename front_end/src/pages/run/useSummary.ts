import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { Line } from '../../components/chart/types';

/** Puts a chart into a sentence: where each line begins and where it ends. */
export function useSummary(): (title: string, lines: readonly Line[]) => string {
  const { t, i18n } = useTranslation('run');
  return useCallback(
    (title, lines) => {
      const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 4 });
      const sentences = lines.flatMap(({ name, points }) => {
        const [first, last] = [points[0], points.at(-1)];
        if (!first || !last) return [];
        const values = {
          from: number.format(first[1]),
          to: number.format(last[1]),
          step: number.format(last[0]),
        };
        return [t('metrics.lineSummary', { name, ...values })];
      });
      return [title, ...sentences].join('. ');
    },
    [t, i18n.language],
  );
}

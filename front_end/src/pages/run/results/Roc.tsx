import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '../../../components/chart/LineChart';
import type { Line } from '../../../components/chart/types';
import { useNumbers } from './useNumbers';

interface Props {
  points: readonly (readonly [x: number, y: number])[];
  auc: number | undefined;
}

const WHOLE = [0, 1] as const;
const DIAGONAL = [
  [0, 0],
  [1, 1],
] as const;

/** The ROC curve with the line of guessing. */
export function Roc({ points, auc }: Props) {
  const { t } = useTranslation('run');
  const { number } = useNumbers();
  const named = auc === undefined ? t('roc.curve') : t('roc.curveWithAuc', { auc: number(auc) });
  const lines = useMemo(
    (): Line[] => [
      { name: named, points },
      { name: t('roc.guess'), points: DIAGONAL, reference: true },
    ],
    [named, points, t],
  );
  return (
    <LineChart
      title={t('roc.title')}
      summary={t('roc.summary', { curve: named })}
      lines={lines}
      xName={t('roc.x')}
      yName={t('roc.y')}
      xRange={WHOLE}
      yRange={WHOLE}
    />
  );
}

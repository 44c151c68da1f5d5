import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schema } from '../../../api/client';
import { LineChart } from '../../../components/chart/LineChart';
import type { Line } from '../../../components/chart/types';
import { useNumbers } from '../../../components/useNumbers';
import { useWords } from './useWords';

interface Props {
  title: string;
  curve: Schema<'CurveDocument'>;
}

/** A line in a plane, such as a ROC curve with the line of guessing. */
export function Curve({ title, curve }: Props) {
  const { t } = useTranslation('run');
  const { number } = useNumbers();
  const words = useWords();
  const { x, y, area } = curve;
  const named = area == null ? t('curve.line') : t('curve.lineWithArea', { area: number(area) });
  const guess = t('curve.guess');
  const spec = useMemo(() => {
    const lines: Line[] = [{ name: named, points: curve.points.map(([x = NaN, y = NaN]) => [x, y]) }];
    const [xRange, yRange] = [rangeOf(curve.x), rangeOf(curve.y)];
    if (curve.reference === 'diagonal' && xRange && yRange) {
      const points = [0, 1].map((end) => [xRange[end] ?? NaN, yRange[end] ?? NaN] as const);
      lines.push({ name: guess, points, reference: true });
    }
    return { lines, ...(xRange && { xRange }), ...(yRange && { yRange }) };
  }, [curve, named, guess]);
  return (
    <LineChart
      title={title}
      summary={`${title}. ${named}`}
      xName={words(x.name)}
      yName={words(y.name)}
      {...spec}
    />
  );
}

function rangeOf({ min, max }: Schema<'CurveAxis'>): readonly [number, number] | undefined {
  return min == null || max == null ? undefined : [min, max];
}

import { LineChartOutlined, TableOutlined } from '@ant-design/icons';
import { Button, Skeleton, theme, Tooltip } from 'antd';
import { lazy, Suspense, useCallback, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAppearance } from '../../app/appearanceContext';
import './chart.css';
import { Icon } from '../Icon';
import { Legend } from './Legend';
import { chartOption } from './option';
import { PointsTable } from './PointsTable';
import type { LineChartSpec } from './types';

const Canvas = lazy(() => import('./Canvas'));

interface Props extends LineChartSpec {
  title: string;
  /** In one sentence what the chart says; read aloud in place of the drawing. */
  summary: string;
  height?: number;
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Lines over a common axis. The legend hides single lines; the same points can be read as a table. */
export function LineChart({ title, summary, height = 260, ...spec }: Props) {
  const { lines, xName, yName, xRange, yRange, wholeX } = spec;
  const { t, i18n } = useTranslation('components');
  const { token } = theme.useToken();
  const { scheme } = useAppearance();
  const [asTable, setAsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const titleId = useId();
  const format = useMemo(() => {
    const numbers = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 5 });
    return (value: number) => numbers.format(value);
  }, [i18n.language]);

  const option = useMemo(
    () =>
      chartOption(
        {
          lines,
          xName,
          yName,
          ...(xRange && { xRange }),
          ...(yRange && { yRange }),
          ...(wholeX && { wholeX }),
        },
        hidden,
        { token, scheme, format, still: still() },
      ),
    [lines, xName, yName, xRange, yRange, wholeX, hidden, token, scheme, format],
  );
  const toggle = useCallback((name: string) => {
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  }, []);
  const other = t(asTable ? 'chart.asChart' : 'chart.asTable');

  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption className="chart-head">
        <span id={titleId} className="chart-title">
          {title}
        </span>
        <Tooltip title={other}>
          <Button
            type="text"
            size="small"
            icon={asTable ? <Icon of={LineChartOutlined} /> : <Icon of={TableOutlined} />}
            aria-label={other}
            onClick={() => setAsTable(!asTable)}
          />
        </Tooltip>
      </figcaption>
      <Legend lines={lines} hidden={hidden} onToggle={toggle} scheme={scheme} />
      {asTable ? (
        <PointsTable spec={spec} label={title} height={height} format={format} />
      ) : (
        <div role="img" aria-label={summary} style={{ height }}>
          <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height }} />}>
            <Canvas option={option} height={height} />
          </Suspense>
        </div>
      )}
    </figure>
  );
}

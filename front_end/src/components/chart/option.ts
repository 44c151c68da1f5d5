import type { EChartsOption, LineSeriesOption, TooltipComponentOption } from 'echarts';
import type { GlobalToken } from 'antd';

import { lineColour } from './palette';
import type { Line, LineChartSpec } from './types';

/** Beyond so many points single ones are not marked. */
const MARKED_POINTS = 40;

interface Look {
  token: Pick<
    GlobalToken,
    'colorText' | 'colorTextSecondary' | 'colorBorderSecondary' | 'colorBgElevated' | 'fontFamily'
  >;
  scheme: 'light' | 'dark';
  format: (value: number) => string;
  still: boolean;
}

/** A chart in the words of ECharts. `hidden` lines are left out. */
export function chartOption(spec: LineChartSpec, hidden: ReadonlySet<string>, look: Look): EChartsOption {
  const { token, format } = look;
  const axis = {
    type: 'value' as const,
    nameTextStyle: { color: token.colorTextSecondary },
    axisLabel: { color: token.colorTextSecondary, formatter: format, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: token.colorBorderSecondary } },
    splitLine: { lineStyle: { color: token.colorBorderSecondary } },
  };
  return {
    animation: !look.still,
    animationDuration: 200,
    animationDurationUpdate: 200,
    textStyle: { fontFamily: token.fontFamily },
    grid: {
      left: 8,
      right: 20,
      top: 34,
      bottom: 28,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      ...axis,
      name: spec.xName,
      nameLocation: 'middle',
      nameGap: 26,
      splitLine: { show: false },
      ...bounds(spec.xRange ?? extent(spec.lines, 0)),
      ...(spec.wholeX && { minInterval: 1 }),
    },
    yAxis: {
      ...axis,
      ...(spec.yName && {
        name: spec.yName,
        nameLocation: 'end',
        nameTextStyle: { ...axis.nameTextStyle, align: 'left' },
      }),
      scale: true,
      ...(spec.yRange && bounds(spec.yRange)),
    },
    tooltip: tip(look),
    series: spec.lines.map((line, index) => series(line, index, hidden, look)),
  };
}

function tip({ token, format }: Look): TooltipComponentOption {
  return {
    trigger: 'axis',
    confine: true,
    backgroundColor: token.colorBgElevated,
    borderColor: token.colorBorderSecondary,
    textStyle: { color: token.colorText, fontSize: 12 },
    axisPointer: { type: 'line', lineStyle: { color: token.colorTextSecondary } },
    valueFormatter: (value) => (typeof value === 'number' ? format(value) : String(value)),
  };
}

function series(
  line: Line,
  index: number,
  hidden: ReadonlySet<string>,
  { scheme, token }: Look,
): LineSeriesOption {
  const colour = line.reference ? token.colorTextSecondary : lineColour(line.colour ?? index, scheme);
  const few = line.points.length <= MARKED_POINTS && !line.reference;
  return {
    type: 'line',
    id: line.name,
    name: line.name,
    data: hidden.has(line.name) ? [] : line.points.map(([x, y]) => [x, y]),
    showSymbol: few,
    symbol: line.dashed ? 'emptyCircle' : 'circle',
    symbolSize: 5,
    sampling: 'lttb',
    itemStyle: { color: colour },
    lineStyle: {
      color: colour,
      width: line.reference ? 1 : 2,
      type: line.reference ? 'dotted' : line.dashed ? 'dashed' : 'solid',
    },
    emphasis: { disabled: true },
    ...(line.reference && { silent: true, tooltip: { show: false } }),
  };
}

function bounds(range: readonly [number, number] | undefined) {
  return range ? { min: range[0], max: range[1] } : {};
}

/** From the least to the greatest x or y; undefined without two different ones. */
export function extent(lines: readonly Line[], part: 0 | 1): [number, number] | undefined {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { points } of lines) {
    for (const point of points) {
      least = Math.min(least, point[part]);
      greatest = Math.max(greatest, point[part]);
    }
  }
  return least < greatest ? [least, greatest] : undefined;
}

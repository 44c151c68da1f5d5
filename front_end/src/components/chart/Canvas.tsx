import type { EChartsOption } from 'echarts';
import { useEffect, useRef } from 'react';

import { init } from './echarts';

interface Props {
  option: EChartsOption;
  height: number;
}

/** Where ECharts draws. It is redrawn when the option changes, and fits its place when that changes. */
export default function Canvas({ option, height }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = init(element);
    chart.current = drawn;
    const watcher = new ResizeObserver(() => drawn.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, []);

  useEffect(() => {
    // Lines that are gone must go; those that stay are moved rather than drawn anew.
    chart.current?.setOption(option, { replaceMerge: ['series'] });
  }, [option]);

  return <div ref={place} style={{ height }} aria-hidden="true" />;
}

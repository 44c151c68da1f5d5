/** A line of a chart: points by ascending x. */
export interface Line {
  /** Unique in the chart; the legend shows it. */
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** The place of its colour in the palette; by default its own place. Lines that belong together share one. */
  colour?: number;
  dashed?: boolean;
  /** Something to compare with rather than data: drawn faintly, and neither in the legend nor in the tip. */
  reference?: boolean;
}

/** What a line chart shows. */
export interface LineChartSpec {
  lines: readonly Line[];
  /** What is to the right. */
  xName: string;
  /** What is upwards. */
  yName: string;
  /** Without these the axes fit the data. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Whether x counts something, so that there is nothing between two whole numbers. */
  wholeX?: boolean;
}

// Only the parts of ECharts that the charts here use. This file is loaded when the first chart is shown.
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

register([LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

export { init };

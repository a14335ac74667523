import { init, use } from 'echarts/core';
import { BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { type BenchResult } from '../bench.js';

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

const width = 760;
const barHeight = 30;
const ours = '#2563eb';
const others = '#94a3b8';

/** Whether a row is this workspace's own. */
const isOurs = (label: string): boolean =>
  /@countersign|apps\/|connection of|with authentication/.test(label);

/**
 * The rows of a result as bars, as an SVG document of its own.
 *
 * @param column which value of the rows is drawn; rows without it are left out
 */
export function barChart(result: BenchResult, column: string): string {
  const bars = result.rows.flatMap(({ label, values }) => {
    const value = values[column];
    return value === undefined || !Number.isFinite(value) ? [] : [{ label, value }];
  });
  const chart = init(null, undefined, {
    renderer: 'svg',
    ssr: true,
    width,
    height: 90 + bars.length * barHeight,
  });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      title: { text: result.title, subtext: column, left: 8, textStyle: { fontSize: 15 } },
      grid: { left: 8, right: 70, top: 60, bottom: 8 },
      xAxis: { type: 'value', splitLine: { lineStyle: { color: '#e2e8f0' } } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: bars.map(({ label }) => label),
        axisTick: { show: false },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 18,
          label: {
            show: true,
            position: 'right',
            formatter: ({ value }: { value?: unknown }) => short(Number(value)),
          },
          data: bars.map(({ label, value }) => ({
            value,
            itemStyle: { color: isOurs(label) ? ours : others },
          })),
        },
      ],
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const short = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 });

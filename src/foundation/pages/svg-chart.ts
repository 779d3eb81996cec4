import type { EChartsCoreOption } from 'echarts/core';
import { init } from 'echarts/core';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A chart as SVG, rendered here and not in a browser. Its components must have been registered with echarts through
 * `use`.
 */
export function drawSvg({ width, height }: Size, option: EChartsCoreOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/**
 * The same for a page that allows no inline styles: style attributes become SVG attributes, and what only interactive
 * charts need is removed. It scales with the page.
 * @param id unique among the charts on the page; letters, digits and dashes
 */
export function withoutStyles(svg: string, id: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_whole, styles: string) => attributesOf(styles))
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/<svg width="(\d+)" height="(\d+)"/, '<svg aria-hidden="true" focusable="false"')
    .replace(/\n/g, '');
}

/** The axis of a chart's amounts, with a few lines across the chart. */
export function amountAxis(number: Intl.NumberFormat) {
  return {
    type: 'value',
    splitNumber: 4,
    splitLine: { lineStyle: { color: '#e9edf1' } },
    axisLabel: { color: '#52606d', fontSize: 12, formatter: (value: number) => number.format(value) },
  };
}

function attributesOf(styles: string): string {
  return styles
    .split(';')
    .map((style) => style.split(':'))
    .flatMap(([name = '', value = '']) => (name.startsWith('font-') ? [` ${name}="${value.trim()}"`] : []))
    .join('');
}

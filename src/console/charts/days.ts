import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawSvg, withoutStyles } from '../../pages/svg-chart.ts';

use([BarChart, GridComponent, SVGRenderer]);

/** Stacked columns. */
export interface ColumnChart {
  /** The labels below the columns. */
  readonly names: readonly string[];
  /** A number for each column. Floats here are only drawn. */
  readonly parts: readonly (readonly number[])[];
  readonly axis: (value: number) => string;
  readonly height?: number;
}

/** This many parts have a colour of their own; the rest share the last one. */
export const COLOURS = 7;

/** The colour of a part, as the stylesheet names it: `s1` to `s7`. */
export function colourOf(place: number): number {
  return Math.min(place + 1, COLOURS);
}

/** @param id unique among the charts on the page */
export function columnChart({ names, parts, axis, height = 230 }: ColumnChart, id: string): string {
  const svg = drawSvg(
    { width: 820, height },
    {
      grid: {
        left: 4,
        right: 4,
        top: 12,
        bottom: 2,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel',
      },
      xAxis: {
        type: 'category',
        data: [...names],
        axisTick: { show: false },
        axisLine: { lineStyle: { color: 'var(--line)' } },
        axisLabel: { color: 'var(--muted)', fontSize: 11 },
      },
      yAxis: {
        type: 'value',
        splitNumber: 4,
        splitLine: { lineStyle: { color: 'var(--line)' } },
        axisLabel: { color: 'var(--muted)', fontSize: 11, formatter: axis },
      },
      series: foldedParts(parts).map((part, place) => ({
        type: 'bar',
        stack: 'all',
        silent: true,
        emphasis: { disabled: true },
        barCategoryGap: '26%',
        itemStyle: { color: `var(--c${colourOf(place)})` },
        data: [...part],
      })),
    },
  );
  return withoutStyles(svg, id);
}

/**
 * Parts that share a colour are drawn as one: a column of dozens of parts would take many times as long and show no
 * more.
 */
function foldedParts(parts: ColumnChart['parts']): ColumnChart['parts'] {
  const own = parts.slice(0, COLOURS - 1);
  const [first, ...others] = parts.slice(COLOURS - 1);
  if (first === undefined) return own;
  return [...own, first.map((value, i) => others.reduce((sum, part) => sum + (part[i] ?? 0), value))];
}

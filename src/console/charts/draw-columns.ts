import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { drawSvg, withoutStyles } from '../../foundation/pages/svg-chart.ts';
import { formatAmount } from '../../vocabulary/budget.ts';
import { GIB } from '../../vocabulary/bytes.ts';
import { MICROS_PER_UNIT } from '../../vocabulary/money.ts';
import { COLOURS, type ColumnDrawing, colourOf } from './columns.ts';

use([BarChart, GridComponent, SVGRenderer]);

/** Floats here are only drawn. */
export function drawColumns({ id, language, names, unit, parts }: ColumnDrawing): string {
  // So that the axis has round numbers.
  const scale = Number(unit === 'bytes' ? GIB : MICROS_PER_UNIT);
  const svg = drawSvg(
    { width: 820, height: 230 },
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
        axisLabel: {
          color: 'var(--muted)',
          fontSize: 11,
          formatter: (value: number) => formatAmount(unit, BigInt(Math.round(value * scale)), language),
        },
      },
      series: foldedParts(parts).map((part, place) => ({
        type: 'bar',
        stack: 'all',
        silent: true,
        emphasis: { disabled: true },
        barCategoryGap: '26%',
        itemStyle: { color: `var(--c${colourOf(place)})` },
        data: part.map((amount) => Number(amount) / scale),
      })),
    },
  );
  return withoutStyles(svg, id);
}

/**
 * Parts that share a colour are drawn as one: a column of dozens of parts would take many times as long and show no
 * more.
 */
function foldedParts(parts: ColumnDrawing['parts']): ColumnDrawing['parts'] {
  const own = parts.slice(0, COLOURS - 1);
  const [first, ...others] = parts.slice(COLOURS - 1);
  if (first === undefined) return own;
  return [...own, first.map((value, i) => others.reduce((sum, part) => sum + (part[i] ?? 0n), value))];
}

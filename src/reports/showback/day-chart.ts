import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { amountAxis, drawSvg } from '../../foundation/pages/svg-chart.ts';
import type { Language } from '../../foundation/text/language.ts';
import { GIB } from '../../vocabulary/bytes.ts';
import { MICROS_PER_UNIT } from '../../vocabulary/money.ts';
import type { TeamSpend } from './month-report.ts';

use([BarChart, GridComponent, SVGRenderer]);

/** Distinguishable in print and by colour-blind people (Okabe and Ito). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
const OTHERS = '#9aa5b1';

/** The colour of the team at this rank in spend; all after the first six share one. */
export function colourAt(place: number): string {
  return colours[place] ?? OTHERS;
}

/** Columns for each day, stacked by team, as SVG without any names in it. Floats here are only drawn. */
export function dayChart(
  teams: readonly TeamSpend[],
  days: readonly string[],
  { measure, language }: { readonly measure: 'cost' | 'bytes'; readonly language: Language },
): string {
  const barHeight = (team: TeamSpend, day: string) => {
    const spent = team.days.get(day);
    if (spent === undefined) return 0;
    return measure === 'cost'
      ? Number(spent.costMicros) / Number(MICROS_PER_UNIT)
      : Number(spent.bytesBilled) / Number(GIB);
  };
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  return drawSvg(
    { width: 960, height: 300 },
    {
      grid: {
        left: 8,
        right: 8,
        top: 16,
        bottom: 4,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel',
      },
      xAxis: {
        type: 'category',
        data: days.map((day) => String(Number(day.slice(-2)))),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: '#cbd2d9' } },
        axisLabel: { color: '#52606d', fontSize: 12 },
      },
      yAxis: amountAxis(number),
      series: teams.map((team, place) => ({
        type: 'bar',
        stack: 'day',
        barCategoryGap: '28%',
        itemStyle: { color: colourAt(place) },
        data: days.map((day) => barHeight(team, day)),
      })),
    },
  );
}

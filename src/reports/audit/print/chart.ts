import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { shortName } from '../../../foundation/pages/formats.ts';
import { amountAxis, drawSvg } from '../../../foundation/pages/svg-chart.ts';
import type { Language } from '../../../foundation/text/language.ts';
import { MICROS_PER_UNIT } from '../../../vocabulary/money.ts';
import type { AuditReport, CardAudit, DashboardAudit } from '../report.ts';
import { sumCosts } from '../run-cost.ts';
import { phrasesIn } from './phrases.ts';

use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

const MAX_BARS = 12;
const MAX_NAME_LENGTH = 42;
const parts = ['refused', 'warned', 'other'] as const;
type Part = (typeof parts)[number];

/** Distinguishable in print and by colour-blind people (Okabe and Ito). */
const colours: Readonly<Record<Part, string>> = { refused: '#d55e00', warned: '#e69f00', other: '#0072b2' };

/**
 * A bar for each of the most expensive dashboards, by what the rules say about its cards, as SVG. Floats here are only
 * drawn.
 */
export function dashboardChart({ dashboards, cards, currency }: AuditReport, language: Language): string {
  const phrases = phrasesIn(language);
  const partOf = new Map(cards.map((card) => [card.id, partOfCard(card)]));
  // An axis of names counts from the bottom.
  const drawn = dashboards.slice(0, MAX_BARS).toReversed();
  const number = new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 2 });
  return drawSvg(
    { width: 960, height: 72 + drawn.length * 34 },
    {
      legend: {
        left: 0,
        top: 0,
        itemWidth: 12,
        itemHeight: 12,
        textStyle: { color: '#52606d' },
        selectedMode: false,
      },
      grid: {
        left: 8,
        right: 24,
        top: 34,
        bottom: 4,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel',
      },
      yAxis: {
        type: 'category',
        data: drawn.map(({ name }) => shortName(name, MAX_NAME_LENGTH)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: '#cbd2d9' } },
        axisLabel: { color: '#1f2933', fontSize: 13 },
      },
      xAxis: amountAxis(number),
      series: parts.map((part) => ({
        name: phrases.chartParts[part],
        type: 'bar',
        stack: 'month',
        barMaxWidth: 20,
        itemStyle: { color: colours[part] },
        data: drawn.map((dashboard) => microsOf(dashboard, part, partOf)),
      })),
    },
  );
}

function microsOf({ cards }: DashboardAudit, part: Part, partOf: ReadonlyMap<string, Part>): number {
  const { micros } = sumCosts(
    cards.filter(({ card }) => partOf.get(card) === part).map(({ perMonth }) => perMonth),
  );
  return Number(micros) / Number(MICROS_PER_UNIT);
}

function partOfCard({ rules }: CardAudit): Part {
  const whenOpened = rules.filter(({ settings }) => settings.includes('opened'));
  if (whenOpened.some(({ mode }) => mode === 'deny')) return 'refused';
  return whenOpened.some(({ mode }) => mode === 'warn') ? 'warned' : 'other';
}

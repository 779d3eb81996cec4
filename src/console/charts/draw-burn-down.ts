import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { drawSvg, withoutStyles } from '../../foundation/pages/svg-chart.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatAmount, unitOf } from '../../vocabulary/budget.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { BurnDown, BurnDownDrawing, BurnDownPoint } from './burn-down.ts';

use([LineChart, GridComponent, SVGRenderer]);

/** Floats here are only drawn. */
export function drawBurnDown({ burnDown, id, language }: BurnDownDrawing): string {
  const { limit, budget } = burnDown.balance;
  const scale = scaleOf(unitOf(budget.limit), limit);
  const svg = drawSvg(
    { width: 460, height: 190 },
    {
      grid: {
        left: 4,
        right: 14,
        top: 12,
        bottom: 2,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel',
      },
      xAxis: timeAxis(burnDown.balance, language),
      yAxis: leftAxis(burnDown, scale, language),
      series: linesOf(burnDown, scale),
    },
  );
  return withoutStyles(svg, id);
}

const LABEL = { color: 'var(--muted)', fontSize: 11 };
const RULE = { lineStyle: { color: 'var(--line)' } };

function timeAxis({ window, budget }: BudgetBalance, language: Language) {
  const instant = new Intl.DateTimeFormat(language, {
    ...(window.endMs - window.startMs > 2 * DAY_MS
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    timeZone: budget.timeZone,
  });
  return {
    type: 'value',
    min: window.startMs,
    max: window.endMs,
    axisTick: { show: false },
    axisLine: RULE,
    splitLine: { show: false },
    axisLabel: {
      ...LABEL,
      customValues: [...labelledInstants(window, budget.timeZone)],
      formatter: (atMs: number) => instant.format(atMs),
    },
  } as const;
}

function leftAxis({ balance, points, leftAtEnd }: BurnDown, scale: number, language: Language) {
  const unit = unitOf(balance.budget.limit);
  const amounts = [...points.map(({ left }) => left), leftAtEnd ?? 0n];
  const least = Math.min(0, ...amounts.map((amount) => Number(amount) / scale));
  return {
    type: 'value',
    min: least,
    max: (Number(balance.limit) / scale) * 1.02,
    splitNumber: 3,
    splitLine: RULE,
    axisLabel: {
      ...LABEL,
      showMaxLabel: false,
      showMinLabel: least === 0,
      formatter: (value: number) => signed(unit, value * scale, language),
    },
  } as const;
}

const LINE = { type: 'line', silent: true, showSymbol: false, emphasis: { disabled: true } } as const;

/** An even pace, what was left so far, and where that leads. */
function linesOf({ balance: { window, limit }, points, leftAtEnd, nowMs }: BurnDown, scale: number) {
  const at = ({ atMs, left }: BurnDownPoint): [number, number] => [atMs, Number(left) / scale];
  const even = [at({ atMs: window.startMs, left: limit }), at({ atMs: window.endMs, left: 0n })];
  const pace = { ...LINE, data: even, lineStyle: { color: 'var(--c7)', width: 1.2, type: [4, 4] } };
  const soFar = {
    ...LINE,
    data: points.map(at),
    lineStyle: { color: 'var(--c1)', width: 2.4 },
    areaStyle: { color: 'var(--c1)', opacity: 0.14 },
  };
  if (leftAtEnd === null) return [pace, soFar];
  const last = points.at(-1) ?? { atMs: nowMs, left: limit };
  const color = leftAtEnd < 0n ? 'var(--c6)' : 'var(--c1)';
  return [
    pace,
    soFar,
    {
      ...LINE,
      data: [at(last), at({ atMs: window.endMs, left: leftAtEnd })],
      lineStyle: { color, width: 2, type: [2, 4] },
    },
  ];
}

/** Round instants: quarters of an hour or a day, days of a week, weeks of a month. */
function labelledInstants(
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  timeZone: string,
): readonly number[] {
  const start = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(timeZone);
  const step = stepWithin(endMs - startMs);
  const instants: number[] = [];
  for (let at = start; at.epochMilliseconds <= endMs; at = at.add(step)) instants.push(at.epochMilliseconds);
  return instants;
}

function stepWithin(lengthMs: number): Readonly<Partial<Record<'minutes' | 'hours' | 'days', number>>> {
  if (lengthMs <= DAY_MS / 12) return { minutes: 15 };
  if (lengthMs <= 2 * DAY_MS) return { hours: 6 };
  return lengthMs <= 8 * DAY_MS ? { days: 2 } : { days: 7 };
}

/** Bytes are drawn in the unit of the limit as people read it, so that the axis has round numbers. */
function scaleOf(unit: string, limit: bigint): number {
  if (unit !== 'bytes') return 1;
  const powers = Math.floor((limit.toString(2).length - 1) / 10);
  return 1024 ** powers;
}

/** Overspend is below zero, which an amount itself never is. */
function signed(unit: string, value: number, language: Language): string {
  const amount = formatAmount(unit, BigInt(Math.round(Math.abs(value))), language);
  return value < 0 ? `−${amount}` : amount;
}

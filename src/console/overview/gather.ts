import type { SpentHour } from '../../budget/spent-hours.ts';
import { dayAfter, dayAt } from '../../foundation/calendar/days.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import { type ConvertedSavings, savingsOfTeams } from '../../reports/savings/convert.ts';
import type { SavingsReport } from '../../reports/savings/savings.ts';
import type { MonthReport } from '../../reports/showback/month-report.ts';
import type { Budget } from '../../vocabulary/budget.ts';
import { type ExchangeOn, exchangeOnDays } from '../../vocabulary/exchange.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { chartsFromMs, hasChart } from '../budgets/charts.ts';
import type { Figures } from '../figures.ts';
import type { PageContext } from '../page.ts';
import type { SpendOfTeam } from '../questions.ts';
import type { ConsoleSources } from '../sources.ts';
import type { CachedSum } from '../sum-cache.ts';

/** Decisions in the live list. */
export const FEED_LENGTH = 12;

/** This many budgets are drawn here; all of them are on a page of their own. */
const MAX_BUDGETS = 4;

/** What the first page shows. */
export interface Overview {
  readonly month: CachedSum<MonthReport> | null;
  readonly today: CachedSum<readonly SpendOfTeam[]> | null;
  /** Today's date, `2026-11-24`: of which `today` is. */
  readonly date: string;
  /** Some of the budgets with a single account, those with the longest windows first. */
  readonly balances: readonly BudgetBalance[];
  readonly hours: CachedSum<readonly SpentHour[]> | null;
  readonly latest: readonly DecisionRecord[];
  /** By team. */
  readonly savings: CachedSum<SavingsReport> | null;
  /** The same in other currencies. */
  readonly savedToo: ConvertedSavings | null;
  readonly exchangeOn: ExchangeOn;
}

/** The month that contains an instant. */
export function monthAt(atMs: number, timeZone: string) {
  return { month: dayAt(atMs, timeZone).day.slice(0, 'YYYY-MM'.length), timeZone };
}

/** @throws LedgerError */
export async function gatherOverview(
  sources: ConsoleSources,
  figures: Figures,
  { nowMs, timeZone }: PageContext,
): Promise<Overview> {
  const day = dayAt(nowMs, timeZone);
  const balances = await drawnBalances(sources, nowMs);
  const fromMs = chartsFromMs(sources.policy().budgets, day.startMs, nowMs);
  const thisMonth = monthAt(nowMs, timeZone);
  const [month, today, hours, latest, savings] = await Promise.all([
    figures.month(thisMonth),
    figures.spendByTeam(day.startMs),
    figures.spendByHour(fromMs),
    sources.records.list({ limit: FEED_LENGTH }),
    figures.savings({ from: `${thisMonth.month}-01`, to: dayAfter(day.day), timeZone }),
  ]);
  const { pricing } = sources.policy();
  const saved = savings === null ? null : savingsOfTeams(savings.value.rows, pricing);
  return {
    month,
    today,
    date: day.day,
    balances,
    hours,
    latest,
    exchangeOn: exchangeOnDays(pricing),
    savings:
      savings === null || saved === null
        ? null
        : { ...savings, value: { ...savings.value, by: ['team'], rows: saved.rows } },
    savedToo: saved?.converted ?? null,
  };
}

const LONGEST_FIRST = ['month', 'week', 'day'];

async function drawnBalances(
  { budgets, policy }: Pick<ConsoleSources, 'budgets' | 'policy'>,
  nowMs: number,
): Promise<readonly BudgetBalance[]> {
  const place = ({ window }: Budget) => LONGEST_FIRST.indexOf(window);
  const drawn = policy()
    .budgets.filter(hasChart)
    .toSorted((a, b) => place(a) - place(b));
  return budgets.standing(drawn.slice(0, MAX_BUDGETS), nowMs, 1);
}

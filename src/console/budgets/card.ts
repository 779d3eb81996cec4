import type { SpentHour } from '../../budget/spent-hours.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { formatInstant } from '../../foundation/calendar/instant.ts';
import { html, type Markup, trusted } from '../../foundation/pages/html.ts';
import { forecastOf } from '../../notices/forecast.ts';
import { exceededModeOf, rollingHours, UNNAMED_ACCOUNT } from '../../vocabulary/budget.ts';
import { type BudgetBalance, remaining } from '../../vocabulary/spend.ts';
import { type BurnDown, burnDownOf } from '../charts/burn-down.ts';
import type { Charts } from '../figures.ts';
import { formatterFor } from '../formats.ts';
import { meter } from '../marks.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { subjectTexts } from '../subject.ts';
import { hasChart } from './charts.ts';

/** Budgets as they stand, and what was charged to them hour by hour; null if that is not known yet. */
interface Course {
  readonly balances: readonly BudgetBalance[];
  readonly hours: readonly SpentHour[] | null;
}

/** The cards of several budgets, in order, and whether all their charts were drawn in time. */
interface Cards {
  readonly cards: readonly Markup[];
  readonly areDrawn: boolean;
}

/**
 * @param prefix tells these cards' IDs from others on the page
 * @throws LedgerError if nothing can be drawn
 */
export async function budgetCards(
  { balances, hours }: Course,
  charts: Charts,
  prefix: string,
  context: PageContext,
): Promise<Cards> {
  let areDrawn = true;
  // Each card by itself would go through the hours of all budgets.
  const hoursOf = Map.groupBy(hours ?? [], ({ budget }) => budget);
  const cards = balances.map(async (whole, i) => {
    const balance = context.redaction.balance(whole);
    const id = `${prefix}-${i}`;
    if (hours === null || !hasChart(balance.budget)) return budgetCard(balance, '', id, context);
    const burnDown = burnDownTo(balance, hoursOf.get(balance.budget.name) ?? [], context);
    const chart = await charts.burnDown({ burnDown, id: `${id}-chart`, language: context.language });
    areDrawn &&= chart !== null;
    return budgetCard(balance, chart === null ? '' : chartMarkup(chart, burnDown, context), id, context);
  });
  return { cards: await Promise.all(cards), areDrawn };
}

/** A budget: how much of it is used, where it is heading, and its course through the window. */
export function budgetCard(
  balance: BudgetBalance,
  chart: Markup | '',
  id: string,
  context: PageContext,
): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const { budget, limit, used, reserved, granted } = balance;
  const notes = [
    ...(reserved > 0n && budget.window !== 'now'
      ? [phrases.budget.reserved(format.amount(balance, reserved))]
      : []),
    ...(granted > 0n ? [phrases.budget.granted(format.amount(balance, granted))] : []),
    windowText(balance, context),
    ...(budget.window === 'now' ? [] : [phrases.budget.exceeded[exceededModeOf(budget)]]),
  ];
  return html`<section class="card" id="${id}"><h3><bdi>${budget.name}</bdi></h3>
<p class="note">${subjectText(balance, context)}</p>
${meter(balance)}
<p><b>${budget.window === 'now' ? phrases.budget.running(format.count(Number(used + reserved)), format.amount(balance, limit)) : phrases.budget.of(format.amount(balance, used), format.amount(balance, limit))}</b>, ${phrases.budget.left(format.amount(balance, remaining(balance)))}<br><span class="note">${notes.join(' · ')}</span></p>
${headingNote(balance, context)}
${chart}
</section>`;
}

function burnDownTo(
  balance: BudgetBalance,
  hours: readonly SpentHour[],
  { nowMs }: Pick<PageContext, 'nowMs'>,
): BurnDown {
  return burnDownOf(balance, hours, forecastOf(balance, nowMs)?.projected ?? null, nowMs);
}

function chartMarkup(chart: string, burnDown: BurnDown, context: PageContext): Markup {
  const { language, nowMs } = context;
  const { balance } = burnDown;
  const phrases = phrasesIn(language);
  const label = phrases.budget.chart(balance.budget.name, forecastText(balance, language, nowMs));
  return html`<figure><div role="img" aria-label="${label}">${trusted(chart)}</div>
<figcaption class="note">${phrases.budget.legend}</figcaption></figure>${chartTable(burnDown, context)}`;
}

/** The chart as text, for those who cannot see it: a row for each day, or for each hour of a day. */
function chartTable({ balance, points }: BurnDown, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const isLong = balance.window.endMs - balance.window.startMs > 2 * DAY_MS;
  const day = new Intl.DateTimeFormat(context.language, {
    ...(isLong ? { dateStyle: 'medium' } : { timeStyle: 'short', hourCycle: 'h23' }),
    timeZone: balance.budget.timeZone,
  });
  const last = new Map(points.map((point) => [day.format(point.atMs), point]));
  return html`<details><summary>${phrases.figures}</summary><div class="wide"><table>
<caption class="hidden">${balance.budget.name}</caption>
<thead><tr><th scope="col">${isLong ? phrases.columns.day : phrases.columns.when}</th><th scope="col">${phrases.columns.left}</th></tr></thead><tbody>
${[...last].map(([name, { left: rest }]) => html`<tr><td>${name}</td><td>${format.amount(balance, rest < 0n ? 0n : rest)}</td></tr>`)}
</tbody></table></div></details>`;
}

/** Where a budget is heading, and whom to ask for more. */
function headingNote(balance: BudgetBalance, { language, nowMs }: PageContext): Markup | '' {
  const { contact } = balance.budget;
  const texts = [
    ...(hasChart(balance.budget) ? [forecastText(balance, language, nowMs)] : []),
    ...(contact === null ? [] : [phrasesIn(language).budget.contact(contact)]),
  ];
  return texts.length === 0 ? '' : html`<p class="note">${texts.join(' ')}</p>`;
}

/** Where a budget is heading, in one sentence. */
function forecastText(balance: BudgetBalance, language: PageContext['language'], nowMs: number): string {
  const phrases = phrasesIn(language).budget;
  const { used, limit, budget } = balance;
  if (used >= limit) return phrases.usedUp;
  const forecast = forecastOf(balance, nowMs);
  if (forecast === null) return phrases.noForecast;
  const format = formatterFor({ language, timeZone: budget.timeZone, nowMs });
  return forecast.usedUpAtMs === null
    ? phrases.forecastFits(format.amount(balance, forecast.projected))
    : phrases.forecastUsedUp(formatInstant(forecast.usedUpAtMs, budget.timeZone, language));
}

function windowText({ budget, window }: BudgetBalance, { language }: PageContext): string {
  const phrases = phrasesIn(language).budget;
  if (budget.window === 'now') return phrases.atOnce;
  const hours = rollingHours(budget.window);
  return hours === null
    ? phrases.renews(formatInstant(window.endMs, budget.timeZone, language))
    : phrases.rolling(hours);
}

/** Whom a budget is for, and which of its accounts this is. */
function subjectText({ budget, account }: BudgetBalance, { language }: PageContext): string {
  const phrases = phrasesIn(language);
  const named = subjectTexts(budget.subject, language);
  const subject = named.length === 0 ? phrases.budget.everyone : named.join(', ');
  if (budget.per === null) return subject;
  const kind = phrases.kinds[budget.per];
  return `${subject}; ${account === UNNAMED_ACCOUNT ? phrases.budget.unnamed(kind) : `${kind} ${account}`}`;
}

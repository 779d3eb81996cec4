import { setImmediate } from 'node:timers/promises';
import type { SpentHour } from '../../budget/spent-hours.ts';
import { DAY_MS } from '../../calendar/durations.ts';
import { formatInstant } from '../../calendar/instant.ts';
import { forecastOf } from '../../notices/forecast.ts';
import { html, type Markup, trusted } from '../../pages/html.ts';
import { rollingHours, UNNAMED_ACCOUNT } from '../../vocabulary/budget.ts';
import { type BudgetBalance, remaining } from '../../vocabulary/spend.ts';
import { type BurnDown, burnDownChart, burnDownOf } from '../charts/burn-down.ts';
import { formatterFor } from '../formats.ts';
import { meter } from '../marks.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { hasChart } from './charts.ts';

/**
 * The cards of several budgets, in order. Drawing a chart takes some milliseconds, so queries get their turn before
 * each.
 * @param prefix tells these cards' IDs from others on the page
 */
export async function budgetCards(
  balances: readonly BudgetBalance[],
  hours: readonly SpentHour[] | null,
  prefix: string,
  context: PageContext,
): Promise<readonly Markup[]> {
  const cards: Markup[] = [];
  for (const [i, balance] of balances.entries()) {
    await setImmediate();
    cards.push(budgetCard(context.redaction.balance(balance), hours, `${prefix}-${i}`, context));
  }
  return cards;
}

/** A budget: how much of it is used, where it is heading, and its course through the window. */
export function budgetCard(
  balance: BudgetBalance,
  hours: readonly SpentHour[] | null,
  id: string,
  context: PageContext,
): Markup {
  const { language, nowMs } = context;
  const phrases = phrasesIn(language);
  const format = formatterFor(context);
  const { budget, limit, used, reserved, granted } = balance;
  const notes = [
    ...(reserved > 0n && budget.window !== 'now'
      ? [phrases.budget.reserved(format.amount(balance, reserved))]
      : []),
    ...(granted > 0n ? [phrases.budget.granted(format.amount(balance, granted))] : []),
    windowText(balance, context),
    ...(budget.window === 'now' ? [] : [phrases.budget.exceeded[exceededMode(balance)]]),
  ];
  return html`<section class="card" id="${id}"><h3><bdi>${budget.name}</bdi></h3>
<p class="note">${subjectText(balance, context)}</p>
${meter(balance)}
<p><b>${budget.window === 'now' ? phrases.budget.running(format.count(Number(used + reserved)), format.amount(balance, limit)) : phrases.budget.of(format.amount(balance, used), format.amount(balance, limit))}</b>, ${phrases.budget.left(format.amount(balance, remaining(balance)))}<br><span class="note">${notes.join(' · ')}</span></p>
${hours === null || !hasChart(budget) ? '' : chartMarkup(balance, hours, { id, context })}
${hasChart(budget) ? html`<p class="note">${forecastText(balance, language, nowMs)}</p>` : ''}
</section>`;
}

function chartMarkup(
  balance: BudgetBalance,
  hours: readonly SpentHour[],
  { id, context }: { readonly id: string; readonly context: PageContext },
): Markup {
  const { language, nowMs } = context;
  const phrases = phrasesIn(language);
  const burnDown = burnDownOf(balance, hours, forecastOf(balance, nowMs)?.projected ?? null, nowMs);
  const label = phrases.budget.chart(balance.budget.name, forecastText(balance, language, nowMs));
  return html`<figure><div role="img" aria-label="${label}">${trusted(burnDownChart(burnDown, `${id}-chart`, language))}</div>
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

function exceededMode({ budget: { whenExceeded } }: BudgetBalance): 'deny' | 'warn' | 'only' {
  return typeof whenExceeded === 'string' ? whenExceeded : 'only';
}

/** Whom a budget is for, and which of its accounts this is. */
function subjectText({ budget, account }: BudgetBalance, { language }: PageContext): string {
  const phrases = phrasesIn(language);
  // `Object.entries` forgets that the keys are kinds of subjects.
  const named = Object.entries(budget.subject).map(
    ([kind, name]) => `${phrases.kinds[kind as keyof typeof phrases.kinds]} ${name}`,
  );
  const subject = named.length === 0 ? phrases.budget.everyone : named.join(', ');
  if (budget.per === null) return subject;
  const kind = phrases.kinds[budget.per];
  return `${subject}; ${account === UNNAMED_ACCOUNT ? phrases.budget.unnamed(kind) : `${kind} ${account}`}`;
}

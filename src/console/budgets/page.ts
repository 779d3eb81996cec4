import { dayAt } from '../../foundation/calendar/days.ts';
import { html, type Markup } from '../../foundation/pages/html.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { Figures } from '../figures.ts';
import { formatterFor } from '../formats.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import { rejectedEditNote } from '../rejected-edit.ts';
import type { ConsoleSources } from '../sources.ts';
import { type BudgetPage, type BudgetQuery, budgetPageOf } from './budget-query.ts';
import { budgetCards } from './card.ts';
import { chartsFromMs } from './charts.ts';

/** Accounts shown for each budget that is split by person or the like: those with the most spend. */
const MAX_ACCOUNTS = 4;

/** `/budgets`: each budget, with its window and its course through it. @throws LedgerError */
export async function budgetsPage(
  sources: Pick<ConsoleSources, 'budgets' | 'policy' | 'rejectedPolicy'>,
  figures: Figures,
  context: PageContext,
  query: BudgetQuery,
): Promise<string> {
  const phrases = phrasesIn(context.language).budgets;
  const { nowMs, timeZone } = context;
  const all = sources.policy().budgets;
  const page = budgetPageOf(all, query);
  const balances = await sources.budgets.standing(page.budgets, nowMs, MAX_ACCOUNTS);
  const hours = await figures.spendByHour(chartsFromMs(all, dayAt(nowMs, timeZone).startMs, nowMs));
  const isOneAccount = ({ budget }: BudgetBalance) => budget.per === null;
  const byAccount = balances.filter((balance) => !isOneAccount(balance));
  const cards = (shown: readonly BudgetBalance[], prefix: string) =>
    budgetCards({ balances: shown, hours: hours?.value ?? null }, figures, prefix, context);
  const [whole, split] = await Promise.all([
    cards(balances.filter(isOneAccount), 'budget'),
    cards(byAccount, 'account'),
  ]);
  const body = html`<h1>${phrases.title}</h1><p class="lead">${phrases.lead} <a href="/grants">${phrases.ask}</a></p>${rejectedEditNote(sources, context)}
${page.pages === 1 && query.named === '' ? '' : search(query, page, context)}
<div class="grid">${whole.cards}</div>
${byAccount.length === 0 ? '' : html`<h2>${phrases.apart}</h2><p class="note">${phrases.apartNote}</p><div class="grid">${split.cards}</div>`}
${untouched(page, balances, context)}
${paging(query, page, context)}`;
  const isPartial = hours === null || !whole.areDrawn || !split.areDrawn;
  return pageOf({ section: 'budgets', title: phrases.title, body, isPartial }, context);
}

/** Budgets that are split by person or the like, and have no account yet. */
function untouched(
  { budgets }: BudgetPage,
  balances: readonly BudgetBalance[],
  { language }: PageContext,
): Markup | '' {
  const touched = new Set(balances.map(({ budget }) => budget.name));
  const names = budgets.filter(({ name }) => !touched.has(name)).map(({ name }) => name);
  if (names.length === 0) return '';
  return html`<p class="note">${phrasesIn(language).budgets.untouched} ${names.map((name, i) => html`${i === 0 ? '' : ', '}<bdi>${name}</bdi>`)}</p>`;
}

/** Budgets are searched only where one page does not hold them all. */
function search(
  { named }: BudgetQuery,
  { first, matches, budgets }: BudgetPage,
  context: PageContext,
): Markup {
  const { budgets: phrases, decisions } = phrasesIn(context.language);
  const { count } = formatterFor(context);
  const last = first + budgets.length - 1;
  return html`<section class="card"><form class="filters" method="get" action="/budgets">
<label>${phrases.named}<input name="named" value="${named}" maxlength="200"></label>
<div class="buttons"><button>${decisions.filter}</button></div><a href="/budgets">${decisions.clear}</a></form>
<p class="note">${matches === 0 ? phrases.nothing : phrases.shown(count(first), count(last), count(matches))}</p></section>`;
}

function paging({ named }: BudgetQuery, { page, pages }: BudgetPage, { language }: PageContext): Markup | '' {
  if (pages === 1) return '';
  const phrases = phrasesIn(language).budgets;
  const link = (to: number, rel: 'prev' | 'next', text: string) =>
    to < 1 || to > pages
      ? ''
      : html`<a href="/budgets${queryString({ named, page: String(to) })}" rel="${rel}">${text}</a>`;
  return html`<nav class="paging" aria-label="${phrases.paging}"><span>${link(page - 1, 'prev', phrases.previous)}</span><span>${link(page + 1, 'next', phrases.next)}</span></nav>`;
}

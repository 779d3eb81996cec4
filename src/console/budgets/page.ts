import { html } from '../../pages/html.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { Figures } from '../figures.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import type { ConsoleSources } from '../sources.ts';
import { budgetCards } from './card.ts';
import { hasChart } from './has-chart.ts';

/** Accounts shown for each budget that is split by person or the like: those with the most spend. */
const MAX_ACCOUNTS = 4;

/** `/budgets`: each budget, with its window and its course through it. @throws LedgerError */
export async function budgetsPage(
  { budgets, policy }: Pick<ConsoleSources, 'budgets' | 'policy'>,
  figures: Figures,
  context: PageContext,
): Promise<string> {
  const phrases = phrasesIn(context.language).budgets;
  const balances = await budgets.standing(policy().budgets, context.nowMs, MAX_ACCOUNTS);
  const charted = balances.filter(hasChart);
  const fromMs = Math.min(context.nowMs, ...charted.map(({ window }) => window.startMs));
  const hours = await figures.spendByHour(fromMs);
  const isOneAccount = ({ budget }: BudgetBalance) => budget.per === null;
  const cards = async (balancesShown: readonly BudgetBalance[], prefix: string) =>
    html`<div class="grid">${await budgetCards(balancesShown, hours?.value ?? null, prefix, context)}</div>`;
  const byAccount = balances.filter((balance) => !isOneAccount(balance));
  const singleCards = await cards(balances.filter(isOneAccount), 'budget');
  const byAccountCards = await cards(byAccount, 'account');
  const body = html`<h1>${phrases.title}</h1><p class="lead">${phrases.lead} <a href="/grants">${phrases.ask}</a></p>
${singleCards}
${byAccount.length === 0 ? '' : html`<h2>${phrases.apart}</h2><p class="note">${phrases.apartNote}</p>${byAccountCards}`}`;
  return pageOf({ section: 'budgets', title: phrases.title, body, isPartial: hours === null }, context);
}

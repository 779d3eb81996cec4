import { z } from 'zod';
import type { Budget } from '../../vocabulary/budget.ts';

/** What a query string asks for. Anything that makes no sense is ignored: links get cut off and retyped. */
export const budgetQuery = z.object({
  named: z.string().trim().max(200).catch(''),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
});

export type BudgetQuery = z.output<typeof budgetQuery>;

/** Budgets on one page: reading and drawing each takes some milliseconds. */
const PAGE_LENGTH = 24;

/** One page of the budgets that match a query. */
export interface BudgetPage {
  readonly budgets: readonly Budget[];
  readonly page: number;
  readonly pages: number;
  /** Of all that match, the place of the first one on this page, from 1; 0 if none matches. */
  readonly first: number;
  readonly matches: number;
}

/**
 * The budgets that match, in the order of the files. A page beyond the last one is the last one. Only names of budgets
 * and teams are searched: other parts of a subject may name a person, whom not everybody may find.
 */
export function budgetPageOf(budgets: readonly Budget[], { named, page }: BudgetQuery): BudgetPage {
  const sought = named.toLowerCase();
  const matching = budgets.filter(({ name, subject: { team = '' } }) =>
    [name, team].some((one) => one.toLowerCase().includes(sought)),
  );
  const pages = Math.max(1, Math.ceil(matching.length / PAGE_LENGTH));
  const shown = Math.min(page, pages);
  const start = (shown - 1) * PAGE_LENGTH;
  return {
    budgets: matching.slice(start, start + PAGE_LENGTH),
    page: shown,
    pages,
    first: matching.length === 0 ? 0 : start + 1,
    matches: matching.length,
  };
}

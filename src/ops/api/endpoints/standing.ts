import { z } from 'zod';
import { catalogJson } from '../../../reports/catalog/as-json.ts';
import { remaining } from '../../../vocabulary/spend.ts';
import { type CatalogRecords, gatherCatalog } from '../../gather-catalog.ts';
import type { OpsSources } from '../../sources.ts';
import { chainHead, notice, reconciliation } from '../answers/books.ts';
import { balance, budget } from '../answers/budget.ts';
import { catalogReport } from '../answers/sums.ts';
import { type Endpoint, endpoint, Failed } from './endpoint.ts';
import { limit, spanKeys, spanOf } from './span.ts';

/** How many accounts are shown for a budget that is split by person or the like: those with the most spend. */
const MAX_ACCOUNTS = 20;

const budgets = endpoint(
  {
    method: 'get',
    path: '/budgets',
    name: 'listBudgets',
    summary:
      'Limits, and what is used, reserved and left; for budgets with many accounts, those that spent most',
    answer: z.object({ budgets: z.array(balance) }),
  },
  async ({ redaction }, sources) => {
    const balances = await sources.budgets.standing(sources.policy().budgets, Date.now(), MAX_ACCOUNTS);
    return { budgets: balances.map((one) => ({ ...redaction.balance(one), left: remaining(one) })) };
  },
);

const catalog = endpoint(
  {
    method: 'get',
    path: '/catalog',
    name: 'reportCatalog',
    summary: 'Tables, who reads them, and the cost',
    query: z.strictObject(spanKeys),
    answer: catalogReport,
  },
  async ({ query, redaction }, sources) => {
    const nowMs = Date.now();
    const span = spanOf(query, nowMs);
    if (span instanceof Failed) return span;
    const report = await gatherCatalog(summedElsewhere(sources), sources.policy(), { ...span, nowMs });
    return catalogJson({ ...report, tables: report.tables.map(redaction.table) });
  },
);

/** The sums of the catalog, read outside the thread that guards queries. */
function summedElsewhere({ questions, records }: Pick<OpsSources, 'questions' | 'records'>): CatalogRecords {
  return {
    spendBy: async (query) => (await questions.spend({ ...query, maxRows: null })) ?? [],
    tableReads: questions.tableReads,
    recordsSpan: records.recordsSpan,
  };
}

const notices = endpoint(
  {
    method: 'get',
    path: '/notices',
    name: 'listNotices',
    summary: 'Notices of budgets that reached a threshold, newest first, and which webhooks got them',
    query: z.strictObject({ limit }),
    answer: z.object({ notices: z.array(notice) }),
  },
  async ({ query, redaction }, sources) => ({
    notices: (await sources.notices.list(query)).map(redaction.notice),
  }),
);

const books = endpoint(
  {
    method: 'get',
    path: '/books',
    name: 'readBooks',
    summary: 'The end of the chain of records, the last reconciliation, and what waits for the ledger',
    answer: z.object({
      head: chainHead.nullable().describe('null if nothing is sealed yet'),
      reconciliation: reconciliation.nullable().describe('null before the first reconciliation'),
      spooled: z.number().describe('entries that wait for the ledger'),
    }),
  },
  async ({ redaction }, { records, lastReconciliation, spool }) => {
    const last = await lastReconciliation();
    return {
      head: await records.chainHead(),
      reconciliation: last && redaction.reconciliation(last),
      spooled: spool.size,
    };
  },
);

const policyInForce = endpoint(
  {
    method: 'get',
    path: '/policy',
    name: 'readPolicy',
    summary: 'The version in force, its budgets, and the errors of an edit that was rejected',
    answer: z.object({
      version: z.string(),
      budgets: z.array(budget),
      rejectedEdit: z
        .array(z.string())
        .nullable()
        .describe('file, line, column and error; without the error for viewers; null if no edit is rejected'),
    }),
  },
  async ({ redaction }, { policy, rejectedPolicy }) => {
    const { version, budgets: inForce } = policy();
    return {
      version,
      budgets: inForce.map(redaction.budget),
      rejectedEdit: rejectedPolicy()?.map(redaction.policyError) ?? null,
    };
  },
);

/** The current state of things. */
export const standingEndpoints: readonly Endpoint[] = [budgets, catalog, notices, books, policyInForce];

import {
  type OriginalQuery,
  type PricedForm,
  type SearchDependencies,
  searchRewrites,
} from '../../advice/search.ts';
import { wouldHold } from '../../budget/would-hold.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { applyRetention } from '../../sql/tokens/sql-retention.ts';
import type { Rewrite } from '../../vocabulary/advice.ts';
import type { RefusalCause } from '../../vocabulary/refusal.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { Judged, Priced } from '../passage.ts';
import type { Stages } from '../stages.ts';
import { Failed } from '../stop.ts';
import { askingsOf } from './askings.ts';
import { estimate } from './estimate.ts';
import { read } from './read.ts';
import { verdictOn } from './verdict.ts';

/**
 * Cheaper forms of a refused query, each priced and judged like the query itself; those that are found in time, best
 * first. The others are kept with the decision.
 */
export async function advise(
  judged: Judged,
  { cause, balances }: { readonly cause: RefusalCause; readonly balances: readonly BudgetBalance[] },
  stages: Stages,
): Promise<readonly Rewrite[]> {
  if (!mayBeCheaper(judged, cause)) return [];
  const { asker, gone } = judged;
  const { projectId, defaultDataset } = judged.job;
  return stages.advisor.advise({
    decisionId: judged.id,
    begin: () =>
      searchRewrites(askedForm(judged), {
        sites: () =>
          stages.reader.rewriteSites(
            judged.sql,
            { projectId, defaultDataset },
            judged.caller.principal ?? '',
          ),
        definitionOf: (table) => stages.definitions.of(table, asker),
        repeats: () => repeatsOf(judged, stages),
        price: (sql) => priceForm({ ...judged, sql }, balances, stages),
      }),
    keep: (rewrites) => keep(judged, rewrites, stages),
    gone,
  });
}

/** Only a query that was read can be rewritten, and scanning less helps only if bytes are what is short. */
function mayBeCheaper({ reading, estimate }: Judged, cause: RefusalCause): boolean {
  const isCountOfQueries =
    cause.by === 'budget' && ['queries', 'at once'].includes(cause.balance.budget.limit.measure);
  return reading.reader === 'polyglot' && estimate.statementType === 'SELECT' && !isCountOfQueries;
}

function askedForm({ sql, reading, policy, estimate, cost, atMs }: Judged): OriginalQuery {
  return {
    sql,
    reading,
    replacementOf: (table) => policy.replacementOf(tableName(table)),
    nowMs: atMs,
    bytesBilled: estimate.bytesBilled,
    cost,
  };
}

/** Null if the warehouse rejects it, or sets no upper bound on its cost. */
async function priceForm(
  asked: Judged,
  balances: readonly BudgetBalance[],
  stages: Stages,
): Promise<PricedForm | null> {
  try {
    const priced = await estimate(await read(asked, stages), stages, 'remembered');
    const { accuracy, bytesBilled } = priced.estimate;
    if (accuracy === 'LOWER_BOUND' || accuracy === 'UNKNOWN') return null;
    // Nobody knows yet how many slots this form would use, so no saving is claimed for them.
    const cost = priced.tariff.model === 'on demand' ? priced.cost : asked.cost;
    return { bytesBilled, cost, passes: await wouldPass(priced, balances, stages) };
  } catch (error) {
    if (error instanceof Failed) return null;
    throw error;
  }
}

/**
 * Whether the rules and the budgets would let it run, and its cap too: BigQuery compares the cap with its own estimate
 * before it runs anything, even if that is only a bound.
 */
async function wouldPass(
  priced: Priced,
  balances: readonly BudgetBalance[],
  stages: Stages,
): Promise<boolean> {
  const verdict = await verdictOn(priced, stages);
  if (verdict.outcome === 'deny') return false;
  const rulesHeld = verdict.hits.map(({ rule }) => rule);
  const { pricing } = priced.policy;
  return askingsOf({ ...priced, verdict }).some(
    ({ spend, cap }) =>
      priced.estimate.bytesBilled <= cap && wouldHold(balances, { spend, rulesHeld, pricing }),
  );
}

/** Null if the records keep nothing by which the exact text could be found, or the ledger cannot say. */
async function repeatsOf(
  { job, policy, reading, caller, cost, atMs }: Judged,
  { repeatedRuns, metrics }: Stages,
): ReturnType<SearchDependencies['repeats']> {
  const { principal } = caller;
  const keepsText = policy.sqlRetention === 'stored' || policy.sqlRetention === 'hashed';
  if (principal === null || !keepsText) return null;
  try {
    return await repeatedRuns({
      fingerprint: reading.fingerprint,
      sql: applyRetention(job.sql, policy.sqlRetention),
      principal,
      currency: cost.currency,
      sinceMs: atMs - DAY_MS,
    });
  } catch {
    metrics.ledgerErrors.inc({ operation: 'history' });
    return null;
  }
}

async function keep(judged: Judged, rewrites: readonly Rewrite[], stages: Stages): Promise<void> {
  const kept = rewrites.map(async (rewrite) => {
    // It was read when it was priced, so this reading is remembered.
    const { reading } = await read({ ...judged, sql: rewrite.sql }, stages);
    const sql = applyRetention(rewrite.sql, judged.policy.sqlRetention);
    return { ...rewrite, sql, fingerprint: reading.fingerprint };
  });
  await stages.rewriteStore.save(judged.id, await Promise.all(kept));
}

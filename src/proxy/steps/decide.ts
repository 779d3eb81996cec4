import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { Judged, Priced } from '../passage.ts';
import type { Stages } from '../stages.ts';
import { CapNotAdmitted } from './capped.ts';
import { refused } from './refuse.ts';
import { verdictOn } from './verdict.ts';

/**
 * What the rules say of the query.
 * @throws Refused where one of them denies it, CapNotAdmitted where it is not priced yet
 */
export async function decide(priced: Priced, stages: Stages): Promise<Judged> {
  const verdict = await verdictOn(priced, stages);
  const judged = { ...priced, verdict, judgedAt: performance.now() };
  if (verdict.outcome === 'allow') return judged;
  if (priced.estimateSource === 'cap') throw new CapNotAdmitted();
  const hits = verdict.hits.filter((hit) => hit.mode === 'deny');
  const balances = await balancesFor(judged, stages);
  throw await refused(judged, { cause: { by: 'rule', hits }, balances }, stages);
}

/** How the budgets stand that cover the query; none where the ledger cannot say, since the refusal stands without. */
async function balancesFor(
  { policy, caller, job, atMs }: Priced,
  { budgets, metrics }: Stages,
): Promise<readonly BudgetBalance[]> {
  try {
    return await budgets.balances(policy.coverageOf({ caller, projectId: job.projectId }), atMs);
  } catch {
    metrics.ledgerErrors.inc({ operation: 'balances' });
    return [];
  }
}

import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { Judged, Priced } from '../passage.ts';
import type { Stages } from '../stages.ts';
import { CapNotAdmitted } from './capped.ts';
import { refused } from './refuse.ts';
import { verdictOn } from './verdict.ts';

/**
 * The rules' verdict on the query.
 * @throws Refused if one of them denies it, CapNotAdmitted if it is not priced yet
 */
export async function decide(priced: Priced, stages: Stages): Promise<Judged> {
  const verdict = await verdictOn(priced, stages);
  const judged = { ...priced, verdict, judgedAt: performance.now() };
  if (verdict.outcome === 'allow') return judged;
  if (priced.estimateSource === 'cap') throw new CapNotAdmitted(0);
  const hits = verdict.hits.filter((hit) => hit.mode === 'deny');
  const balances = await balancesFor(judged, stages);
  throw await refused(judged, { cause: { by: 'rule', hits }, balances }, stages);
}

/**
 * The state of the budgets that cover the query; empty if the ledger cannot say, since the refusal stands in any case.
 */
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

import type { Budgets } from '../../budget/budgets.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { refusalMessage } from '../../policy/messages.ts';
import { unitOf } from '../../vocabulary/budget.ts';
import type { Refusal, RefusalCause } from '../../vocabulary/refusal.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { left } from '../../vocabulary/spend.ts';
import type { EnvelopeContent } from '../envelope.ts';
import { decisionOn, type Judged, type Priced } from '../passage.ts';
import { Refused } from '../stop.ts';
import { type FactStages, lookUp } from './look-up.ts';

/**
 * What the rules say of the query.
 * @throws Refused where one of them denies it
 */
export async function decide(priced: Priced, stages: FactStages): Promise<Judged> {
  const { policy, reading, estimate, cost, caller, team, atMs } = priced;
  const background = await lookUp(priced, stages);
  const verdict = policy.decide({ reading, estimate, cost, caller, team, atMs, background });
  const judged = { ...priced, verdict };
  if (verdict.outcome === 'allow') return judged;
  const hits = verdict.hits.filter((hit) => hit.mode === 'deny');
  const balances = await balancesFor(judged, stages);
  throw refused(judged, { by: 'rule', hits }, balances);
}

/** How the budgets stand that cover the query; none where the ledger cannot say, since the refusal stands without. */
async function balancesFor(
  { policy, caller, job, atMs }: Priced,
  { budgets, metrics }: { readonly budgets: Budgets; readonly metrics: Metrics },
): Promise<readonly BudgetBalance[]> {
  try {
    return await budgets.balances(policy.coverageOf({ caller, projectId: job.projectId }), atMs);
  } catch {
    metrics.ledgerErrors.inc({ operation: 'balances' });
    return [];
  }
}

/** The refusal of a judged query, told in the team's language. */
export function refused(judged: Judged, cause: RefusalCause, balances: readonly BudgetBalance[]): Refused {
  const refusal: Refusal = {
    decisionId: judged.id,
    cause,
    estimate: {
      bytesBilled: judged.estimate.bytesBilled,
      cost: judged.cost,
      slotMs: judged.slotMs,
      queries: 1n,
    },
    balances: balances.filter(({ budget }) => budget.whenExceeded !== 'warn'),
  };
  const content: EnvelopeContent = {
    status: 403,
    reason: cause.by === 'rule' ? 'accessDenied' : 'quotaExceeded',
    location: 'query',
    message: refusalMessage(refusal, judged.team.language, judged.policy.pricing),
    details: [detailsOf(judged, refusal)],
  };
  const name = cause.by === 'rule' ? (cause.hits[0]?.rule ?? 'rule') : cause.balance.budget.name;
  return new Refused(decisionOn(judged, 'refused', { cause: name, cap: null }), content);
}

function detailsOf(judged: Judged, refusal: Refusal): Readonly<Record<string, unknown>> {
  const { cause, estimate } = refusal;
  return {
    '@type': 'guardrail/decision',
    decisionId: refusal.decisionId,
    team: judged.team.name,
    refusedBy: cause.by,
    ...(cause.by === 'rule'
      ? { rules: cause.hits.map(({ rule, mode, source }) => ({ rule, mode, source })) }
      : { budget: cause.balance.budget.name, asked: cause.asked.toString() }),
    estimate: {
      bytesProcessed: judged.estimate.bytesProcessed.toString(),
      bytesBilled: estimate.bytesBilled.toString(),
      costMicros: estimate.cost.micros.toString(),
      currency: estimate.cost.currency,
    },
    budgets: refusal.balances.map(describeBalance),
  };
}

function describeBalance(balance: BudgetBalance): Readonly<Record<string, unknown>> {
  const { budget, window } = balance;
  return {
    name: budget.name,
    ...(balance.account === '' ? {} : { account: balance.account }),
    window: budget.window,
    unit: budget.limit.measure === 'money' ? `${budget.limit.money.currency} micros` : unitOf(budget.limit),
    limit: balance.limit.toString(),
    used: balance.used.toString(),
    reserved: balance.reserved.toString(),
    left: left(balance).toString(),
    ...(budget.window === 'now' ? {} : { renewsAt: new Date(window.endMs).toISOString() }),
  };
}

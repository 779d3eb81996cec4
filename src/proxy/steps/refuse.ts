import { refusalMessage } from '../../policy/messages/messages.ts';
import type { Rewrite } from '../../vocabulary/advice.ts';
import { unitOf } from '../../vocabulary/budget.ts';
import { type Refusal, refuserIn } from '../../vocabulary/refusal.ts';
import { type BudgetBalance, remaining } from '../../vocabulary/spend.ts';
import type { EnvelopeContent } from '../error-envelope.ts';
import { decisionOn, type Judged } from '../passage.ts';
import type { Stages } from '../stages.ts';
import { Refused } from '../stop.ts';
import { advise } from './advise.ts';

/** The refusal of a judged query, in the team's language, with alternatives. */
export async function refused(
  judged: Judged,
  { cause, balances }: Pick<Refusal, 'cause' | 'balances'>,
  stages: Stages,
): Promise<Refused> {
  const name = cause.by === 'rule' ? (cause.hits[0]?.rule ?? 'rule') : cause.balance.budget.name;
  // The decision is made before the search for rewrites, whose time is not the guard's overhead.
  const decision = decisionOn(judged, 'refused', { cause: name, cap: null });
  const refusal: Refusal = {
    decisionId: judged.id,
    page: stages.consoleUrl === null ? null : `${stages.consoleUrl}/decisions/${judged.id}`,
    cause,
    contacts: judged.policy.contactsFor(refuserIn(cause), judged.team.name),
    estimate: {
      bytesBilled: judged.estimate.bytesBilled,
      cost: judged.cost,
      slotMs: judged.slotMs,
      queries: 1n,
    },
    balances: balances.filter(({ budget }) => budget.whenExceeded !== 'warn'),
    rewrites: await advise(judged, { cause, balances }, stages),
  };
  const content: EnvelopeContent = {
    status: 403,
    reason: cause.by === 'rule' ? 'accessDenied' : 'quotaExceeded',
    location: 'query',
    message: refusalMessage(refusal, judged.team.language, judged.policy.pricingAt(judged.atMs)),
    details: [detailsOf(judged, refusal)],
  };
  return new Refused(decision, content);
}

function detailsOf(judged: Judged, refusal: Refusal): Readonly<Record<string, unknown>> {
  const { cause, estimate } = refusal;
  return {
    '@type': 'guardrail/decision',
    decisionId: refusal.decisionId,
    ...(refusal.page === null ? {} : { page: refusal.page }),
    team: judged.team.name,
    refusedBy: cause.by,
    ...(cause.by === 'rule'
      ? { rules: cause.hits.map(({ rule, mode, source }) => ({ rule, mode, source })) }
      : { budget: cause.balance.budget.name, asked: cause.requested.toString() }),
    contacts: refusal.contacts,
    estimate: {
      bytesProcessed: judged.estimate.bytesProcessed.toString(),
      bytesBilled: estimate.bytesBilled.toString(),
      costMicros: estimate.cost.micros.toString(),
      currency: estimate.cost.currency,
    },
    budgets: refusal.balances.map(describeBalance),
    rewrites: refusal.rewrites.map(describeRewrite),
  };
}

function describeRewrite({ bytesBilled, savedBytes, savedCost, ...rewrite }: Rewrite) {
  return {
    ...rewrite,
    bytesBilled: bytesBilled.toString(),
    savedBytes: savedBytes.toString(),
    savedCostMicros: savedCost.micros.toString(),
    currency: savedCost.currency,
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
    left: remaining(balance).toString(),
    ...(budget.window === 'now' ? {} : { renewsAt: new Date(window.endMs).toISOString() }),
  };
}

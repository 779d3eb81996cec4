import { bytesToAsk } from '../../../budget/bytes-to-ask.ts';
import type { Policy } from '../../../policy/policy.ts';
import {
  isDeniedForSure,
  mayBeRefused,
  type PastQuery,
  type ReplayVerdict,
} from '../../../reports/replay/outcomes.ts';
import { mayLeaveReservation } from '../../../sql/tokens/may-leave-reservation.ts';
import { mayMakeModel } from '../../../sql/tokens/may-make-model.ts';
import type { Bytes } from '../../../vocabulary/bytes.ts';
import type { Estimate } from '../../../vocabulary/estimate.ts';
import { foreseenModels } from '../../../vocabulary/models.ts';
import { costOf, type Tariff, tariffFor } from '../../../vocabulary/pricing.ts';
import type { BudgetReplay } from './budgets.ts';
import { reread } from './reading.ts';
import type { SlotTimes } from './slot-times.ts';

/** What past queries are judged by. */
interface RejudgeOptions {
  /** The instant used for the dates of rules. */
  readonly asOfMs: number;
  readonly budgets: BudgetReplay;
  readonly slotTimes: Pick<SlotTimes, 'expectedFor'>;
}

/** Judges past queries by a policy: its rules as of an instant, then its budgets. */
export function createRejudge(
  policy: Policy,
  { asOfMs, budgets, slotTimes }: RejudgeOptions,
): (past: PastQuery) => ReplayVerdict {
  return (past) => {
    const { estimate, atMs } = past;
    if (estimate === null) throw new Error(`unreachable: ${past.id} was never priced`);
    const { reading, basis } = reread(past);
    const team = policy.teamOf(past.caller.principal);
    const caller = { ...past.caller, team: team.name };
    const tariff = tariffOf(past, estimate, policy);
    const slotMs = slotTimes.expectedFor(past, tariff);
    const cost = costOf({ bytesBilled: estimate.bytesBilled, slotMs }, tariff);
    const question = { reading, estimate, cost, caller, team, atMs, rulesAtMs: asOfMs };
    const { hits, maximumBytesBilled } = policy.decide(question);
    const doubts = policy.doubtsOn(question);
    const verdict = { team: team.name, hits, doubts, estimatedCost: cost, basis };
    if (isDeniedForSure(verdict)) return { ...verdict, refusedByBudget: null };
    if (mayBeRefused(verdict)) {
      // Nobody knows whether it would run: it counts as it did.
      budgets.charge(past);
      return { ...verdict, refusedByBudget: null };
    }
    const bytesBilled = bytesRequested(estimate, policy, maximumBytesBilled);
    const spend = { bytesBilled, slotMs, queries: 1n, cost: costOf({ bytesBilled, slotMs }, tariff) };
    const rulesHit = hits.map(({ rule }) => rule);
    return { ...verdict, refusedByBudget: budgets.admit({ past, caller, spend, rulesHit }) };
  };
}

/** What guardrail would reserve, apart from the headroom for cached estimates. */
function bytesRequested(estimate: Estimate, { inexactReserve }: Policy, cap: Bytes | null): Bytes {
  const caps = cap === null ? [] : [cap];
  return bytesToAsk({ estimate, isFresh: true, inexactReserve, caps }).at(-1) ?? 0n;
}

/** If a query may leave its slots by its request or its session, no record shows that. */
function tariffOf(
  { projectId, sql }: PastQuery,
  { location, statementType }: Estimate,
  { pricing }: Policy,
): Tariff {
  const models = foreseenModels(statementType, () => mayMakeModel(sql));
  return tariffFor({ projectId, location, models }, pricing, () => mayLeaveReservation(sql));
}

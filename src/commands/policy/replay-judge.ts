import { bytesToAsk } from '../../budget/bytes-to-ask.ts';
import type { Policy, Sources } from '../../policy/policy.ts';
import type { PastQuery, Rejudged } from '../../replay/fates.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import { costOf, tariffFor } from '../../vocabulary/pricing.ts';
import type { Spend } from '../../vocabulary/spend.ts';
import type { BudgetReplay } from './replay-budgets.ts';
import { readAgain } from './replay-reading.ts';

/** Judges past queries by a policy: its rules as of an instant, then its budgets. */
export function rejudgeBy(
  policy: Policy,
  { asOfMs, budgets }: { readonly asOfMs: number; readonly budgets: BudgetReplay },
): (past: PastQuery) => Rejudged {
  return (past) => {
    const { estimate, atMs } = past;
    if (estimate === null) throw new Error(`unreachable: ${past.id} was never priced`);
    const { reading, basis } = readAgain(past);
    const team = policy.teamOf(past.caller.principal);
    const caller = { ...past.caller, team: team.name };
    const cost = estimatedCost(past, estimate, policy);
    const { hits, maximumBytesBilled } = policy.decide({
      reading,
      estimate,
      cost,
      caller,
      team,
      atMs,
      rulesAtMs: asOfMs,
    });
    const isDenied = hits.some(({ mode }) => mode === 'deny');
    const spend = spendToAsk(past, estimate, policy, maximumBytesBilled);
    const rulesHeld = hits.map(({ rule }) => rule);
    const refusedByBudget = isDenied ? null : budgets.admit({ past, caller, spend, rulesHeld });
    const lacksBackground = needsBackground(policy.sourcesFor({ team, reading, estimate }));
    return { team: team.name, hits, refusedByBudget, estimatedCost: cost, basis, lacksBackground };
  };
}

function needsBackground({ definitions, history, budgets }: Sources): boolean {
  return definitions.length > 0 || history || budgets.size > 0;
}

/** What the guardrail would reserve, but for the headroom of remembered estimates. */
function spendToAsk(past: PastQuery, estimate: Estimate, policy: Policy, cap: Bytes | null): Spend {
  const caps = cap === null ? [] : [cap];
  const { inexactReserve } = policy;
  const bytesBilled = bytesToAsk({ estimate, isFresh: true, inexactReserve, caps }).at(-1) ?? 0n;
  const cost = estimatedCost(past, { ...estimate, bytesBilled }, policy);
  return { bytesBilled, cost, slotMs: 0n, queries: 1n };
}

/** At the policy's prices. Slot time is not recorded beforehand: where it is paid for, what was expected then stands. */
function estimatedCost(
  { projectId, estimatedCost: then }: PastQuery,
  { bytesBilled, location }: Pick<Estimate, 'bytesBilled' | 'location'>,
  { pricing }: Policy,
) {
  const tariff = tariffFor({ projectId, location }, pricing);
  return tariff.model === 'editions' && then !== null ? then : costOf({ bytesBilled, slotMs: 0n }, tariff);
}

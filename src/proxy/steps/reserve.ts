import type { Budgets, ReserveOutcome } from '../../budget/budgets.ts';
import { priceOf } from '../../estimate/price.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Spend } from '../../vocabulary/spend.ts';
import { type Admitted, decisionOn, type Judged } from '../passage.ts';
import { Failed } from '../stop.ts';
import { refused } from './decide.ts';

/** An estimate that is remembered or a bound gets a tenth more room, so that a grown table does not hit the cap. */
const HEADROOM_DIVISOR = 10n;

/** BigQuery takes no cap of 0. It bills in steps of 10 MiB, so a cap of one byte lets nothing through that costs. */
const SMALLEST_CAP: Bytes = 1n;

/**
 * Takes what the query may cost out of every budget of the team, durably, before anything runs. With headroom where
 * the estimate is not exact; without, where the budget holds only the estimate itself.
 * @throws Refused where a budget does not hold it; Failed where the ledger cannot say
 */
export async function reserve(
  judged: Judged,
  stages: { readonly budgets: Budgets; readonly metrics: Metrics; readonly settleTimeoutMs: number },
): Promise<Admitted> {
  const amounts = amountsToTry(judged);
  for (const [index, bytes] of amounts.entries()) {
    const spend: Spend = {
      bytesBilled: bytes,
      cost: priceOf(bytes, judged.estimate.location, judged.policy.pricing),
    };
    const outcome = await reserveSpend(judged, spend, stages);
    if (outcome.reserved) return admit(judged, spend);
    if (index === amounts.length - 1) {
      throw refused(
        judged,
        { by: 'budget', balance: outcome.balance, asked: outcome.asked },
        outcome.balances,
      );
    }
  }
  throw new Error('unreachable: the last amount tried is the least');
}

function admit(judged: Judged, reserved: Spend): Admitted {
  const lowest = least([reserved.bytesBilled, ...capsOn(judged)]);
  const cap = lowest > SMALLEST_CAP ? lowest : SMALLEST_CAP;
  return { ...judged, reserved, cap, decision: decisionOn(judged, 'admitted', { cause: null, cap }) };
}

/** The caps that the rules and the client itself set. */
function capsOn({ verdict, job }: Judged): readonly Bytes[] {
  return [verdict.maximumBytesBilled, job.clientCap].filter((cap) => cap !== null);
}

function least(amounts: readonly [Bytes, ...Bytes[]]): Bytes {
  return amounts.reduce((a, b) => (a < b ? a : b));
}

/**
 * What to ask of the budgets, the most first: the estimate with headroom, where it is due, then the estimate itself.
 * Where the dry run sets no upper bound, what the policy reserves for such queries; and no less, since what runs is
 * capped by it and would be stopped half-way.
 */
function amountsToTry(judged: Judged): readonly Bytes[] {
  const { accuracy, bytesBilled: exact } = judged.estimate;
  if (accuracy === 'LOWER_BOUND' || accuracy === 'UNKNOWN') {
    const most = least([judged.policy.inexactReserve, ...capsOn(judged)]);
    return [exact > most ? exact : most];
  }
  const isExact = judged.estimateSource === 'dry run' && accuracy === 'PRECISE';
  return isExact || exact === 0n ? [exact] : [exact + exact / HEADROOM_DIVISOR, exact];
}

async function reserveSpend(
  judged: Judged,
  spend: Spend,
  stages: { readonly budgets: Budgets; readonly metrics: Metrics; readonly settleTimeoutMs: number },
): Promise<ReserveOutcome> {
  try {
    return await stages.budgets.reserve({
      decisionId: judged.id,
      atMs: judged.atMs,
      budgets: judged.policy.budgetsOf(judged.team.name),
      pricing: judged.policy.pricing,
      spend,
      expiresAtMs: judged.atMs + stages.settleTimeoutMs,
    });
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'reserve' });
    throw new Failed(
      decisionOn(judged, 'failed', { cause: 'ledger', cap: null }),
      {
        from: 'guardrail',
        content: {
          status: 503,
          reason: 'backendError',
          message:
            'The ledger of budgets cannot be written, so the query was not run. Try again; if it lasts, tell those who run the guardrail.',
        },
      },
      { cause: error },
    );
  }
}

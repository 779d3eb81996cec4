import type { Logger } from 'pino';
import { estimateAsRead } from '../../estimate/as-read/as-read.ts';
import { withHiddenRows } from '../../estimate/as-read/hidden-rows.ts';
import type { PricedJob } from '../../estimate/dry-run.ts';
import type { Estimates, FoundEstimate } from '../../estimate/estimates.ts';
import { reasonOf, Unpriced } from '../../estimate/unpriced.ts';
import { errorCode } from '../../foundation/text/error-code.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { slotTimeMatters, unknownSlotMs } from '../../policy/slot-time.ts';
import type { SlotHistory } from '../../records/history/slot-history.ts';
import { mayMakeModel } from '../../sql/tokens/may-make-model.ts';
import { foreseenModels } from '../../vocabulary/models.ts';
import { costOf, type Tariff, tariffFor } from '../../vocabulary/pricing.ts';
import { decisionOn, type Priced, type Read } from '../passage.ts';
import { pricedConfiguration } from '../request/job/job-bodies.ts';
import { leavesReservation } from '../request/job/leaves-reservation.ts';
import { Failed, type StopAnswer } from '../stop.ts';
import { trustedEstimate } from './capped.ts';
import { type BehindStages, hiddenCallsOf } from './look-up.ts';

/**
 * `trusting` uses the cap if the policy trusts the caller, `remembered` uses the cache, `afresh` asks again; `distrusted` uses
 * the cache too, but treats its estimate as a lower bound, since the query would have been billed more.
 */
export type PricingWay = 'trusting' | 'remembered' | 'afresh' | 'distrusted';

interface PricingStages {
  readonly estimates: Estimates;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * What the query would process and cost, according to the warehouse under the caller's own credential; and with it, who
 * the caller is and which team.
 * @throws Failed if there is no price: nothing unpriced is forwarded
 */
export async function estimate(
  read: Read,
  stages: PricingStages & BehindStages & { readonly slotHistory: SlotHistory },
  how: PricingWay,
): Promise<Priced> {
  const found = await findEstimate(read, stages, how);
  const adjusted =
    how === 'distrusted' ? { ...found.estimate, accuracy: 'LOWER_BOUND' as const } : found.estimate;
  const { asker, reading } = read;
  const estimated = await withHiddenRows(estimateAsRead(adjusted, reading), reading, (query) =>
    hiddenCallsOf({ ...query, asker }, stages),
  );
  const { principal, bytesBilled, location, statementType } = estimated;
  stages.metrics.estimateLookups.inc({ source: found.source });
  const team = read.policy.teamOf(principal);
  const { pricing } = read.policy;
  const { projectId } = read.job;
  const models = foreseenModels(statementType, () => mayMakeModel(read.sql));
  const tariff = tariffFor({ projectId, location, models }, pricing, () => leavesReservation(read.job));
  const slotMs = await expectedSlotMs(read, tariff, stages.slotHistory);
  return {
    ...read,
    pricedAt: performance.now(),
    estimate: estimated,
    estimateSource: found.source,
    models,
    tariff,
    slotMs,
    cost: costOf({ bytesBilled, slotMs }, tariff),
    caller: { ...read.hints, principal, team: team.name },
    team,
  };
}

/** The query in the form in which the dry run prices it. */
export function pricedJob({ id, job, sql }: Pick<Read, 'id' | 'job' | 'sql'>): PricedJob {
  return {
    projectId: job.projectId,
    location: job.location,
    configuration: pricedConfiguration(job, sql),
    decisionId: id,
  };
}

/**
 * A dry run says nothing about slots, but what the same query needed before does. Looked up only if something depends
 * on it.
 */
async function expectedSlotMs(
  { policy, reading }: Read,
  tariff: Tariff,
  history: SlotHistory,
): Promise<bigint> {
  if (!slotTimeMatters(policy.budgets, tariff)) return 0n;
  return (await history.expectedSlotMs(reading.fingerprint)) ?? unknownSlotMs(policy.pricing);
}

async function findEstimate(read: Read, stages: PricingStages, how: PricingWay): Promise<FoundEstimate> {
  const { estimates } = stages;
  const job = pricedJob(read);
  const trusted = how === 'trusting' ? trustedEstimate(read, job, estimates) : null;
  if (trusted !== null) return trusted;
  try {
    return await (how === 'afresh' ? estimates.findAfresh(job, read.asker) : estimates.find(job, read.asker));
  } catch (error) {
    if (!(error instanceof Unpriced)) throw error;
    if (error.answer === null || error.answer.status >= 500) tellFailure(error, read.id, stages);
    const { principal } = error;
    const caller = { ...read.hints, principal, team: read.policy.teamOf(principal).name };
    const decision = decisionOn({ ...read, caller }, 'failed', { cause: causeOf(error), cap: null });
    throw new Failed(decision, answerTo(error), { cause: error });
  }
}

/** The warehouse failed, not the query. */
function tellFailure(error: Unpriced, decision: string, { metrics, log }: PricingStages): void {
  metrics.upstreamErrors.inc({ stage: 'dry run' });
  log.warn({ decision, problem: error.message, code: errorCode(error) }, 'a query could not be priced');
}

function answerTo(error: Unpriced): StopAnswer {
  if (error.answer !== null) return { from: 'warehouse', answer: error.answer };
  return {
    from: 'guardrail',
    content: {
      status: 503,
      reason: 'backendError',
      message: `${error.message}, so the query could not be priced and was not run. Try again; if the problem persists, tell the operators of guardrail.`,
    },
  };
}

/** The warehouse's own reason, if it gave one, for the records. */
function causeOf(error: Unpriced): string {
  if (error.answer === null) return 'unreachable';
  return reasonOf(error.answer) ?? `HTTP ${error.answer.status}`;
}

import { countSettlement } from '../../metrics/count.ts';
import { isUpperBound, mayRunInPart } from '../../vocabulary/estimate.ts';
import { type ModelShare, modelsOf } from '../../vocabulary/models.ts';
import { observeOutcome } from '../answer/observe.ts';
import type { FollowedOutcome } from '../jobs/follow-job.ts';
import { billedBy, type JobOutcome } from '../jobs/job-outcome.ts';
import type { Admitted } from '../passage.ts';
import { accountId, budgetsOfPlaces } from '../places.ts';
import type { Sent } from '../repeats.ts';
import type { Stages } from '../stages.ts';
import { pricedJob } from './estimate.ts';
import type { Forwarded } from './forward.ts';
import {
  mayHaveMadeModels,
  mayHaveRunElsewhere,
  nothingRan,
  type Settled,
  settledBy,
  statementTypeOf,
} from './settled.ts';

/** What happened to an admitted query, as far as the guard knows. */
export type Aftermath =
  | ({ readonly kind: 'answered' } & Pick<Forwarded, 'answer' | 'sent' | 'mayBeAboutPart'>)
  /** Nothing ran: nothing is billed. */
  | { readonly kind: 'not run'; readonly errorReason: string | null }
  /** It was sent, but no answer came: it may have run. */
  | { readonly kind: 'unheard of'; readonly sent: Sent };

/** What a job says that was asked for by its name. */
type NamedOutcome = FollowedOutcome & { readonly jobId: string };

/** A query that somebody cancelled while its client waited may be billed. */
const CANCELLED = 499;

/**
 * Replaces the reservation by what the query was billed: from the answer as it streams by, or from the job itself if
 * the answer comes before the job ends. Resolves as soon as the answer is over; a job still running is followed in the
 * background. Never rejects: a failure of the ledger is logged and counted, and the reservation stands.
 */
export async function settle(admitted: Admitted, aftermath: Aftermath, stages: Stages): Promise<void> {
  if (aftermath.kind === 'not run')
    return enter(admitted, nothingRan(admitted, aftermath.errorReason), stages);
  const { sent } = aftermath;
  if (aftermath.kind === 'unheard of') return void findAndSettle(admitted, sent, stages);
  const status = aftermath.answer.head.statusCode ?? 0;
  if (mayHaveFailedLate(admitted, status, aftermath)) {
    await giveBackPlaces(admitted, stages);
    return void findAndSettle(admitted, sent, stages, nothingRan(admitted, `HTTP ${status}`));
  }
  if (status >= 500) {
    // While the warehouse is in trouble, queries that it most likely does not run must not fill the places.
    await giveBackPlaces(admitted, stages);
    return void findAndSettle(admitted, sent, stages);
  }
  if (status === CANCELLED) return void findAndSettle(admitted, sent, stages);
  if (status >= 400) return enter(admitted, nothingRan(admitted, `HTTP ${status}`), stages);
  const outcome = await observeOutcome(aftermath.answer.head);
  const isToldByJob = mayHaveMadeModels(admitted, outcome) || mayHaveRunElsewhere(admitted, outcome);
  const settled = isToldByJob ? null : settledByAnswer(admitted, outcome);
  if (settled !== null) return enter(admitted, settled, stages);
  if (outcome.jobId !== null) void followAndSettle(admitted, outcome.jobId, outcome.location, stages);
  else void findAndSettle(admitted, sent, stages);
}

/** Status codes of queries that were not begun: the warehouse does not know the caller, or is asked too often. */
const NOT_BEGUN: readonly number[] = [401, 429];

/**
 * Whether a query that was answered with an error may be billed: a script for what it ran before, any query for the slot
 * time that it used, and one that did not fail at all, if the error is about the part of the answer that was asked for.
 * The answer tells none of this, but the job does.
 */
function mayHaveFailedLate(
  { job, tariff, estimate }: Admitted,
  status: number,
  { mayBeAboutPart }: { readonly mayBeAboutPart: boolean },
): boolean {
  const isOfQuery = status >= 400 && status < CANCELLED && !NOT_BEGUN.includes(status);
  const isPaidFor = tariff.model === 'editions' || mayRunInPart(estimate);
  return isOfQuery && (mayBeAboutPart || (job.method === 'jobs.query' && isPaidFor));
}

/** Null if slots are paid for and the answer has no slot time: the job has it. */
function settledByAnswer(admitted: Admitted, outcome: JobOutcome): Settled | null {
  const models = modelsOf(statementTypeOf(admitted, outcome));
  // A client may have asked for a part of the fields, without the job's beginning.
  const told = { ...outcome, neverBegan: false };
  const settled = settledBy(admitted, told, { source: 'response', models });
  const isShortOfSlots = admitted.slotMs > 0n && settled?.slotMs === null && !settled.cacheHit;
  return isShortOfSlots ? null : settled;
}

/** Null if the job does not say how it is to be paid for, or the process stops before its parts have. */
async function settledByJob(admitted: Admitted, job: NamedOutcome, stages: Stages): Promise<Settled | null> {
  const models = await modelsMadeBy(admitted, job, stages);
  return models === null ? null : settledBy(admitted, job, { source: 'job', models });
}

async function modelsMadeBy(
  admitted: Admitted,
  job: NamedOutcome,
  { scriptModels }: Stages,
): Promise<ModelShare | null> {
  if (!mayHaveMadeModels(admitted, job)) return modelsOf(statementTypeOf(admitted, job));
  const { projectId } = admitted.job;
  // Others who are shown the job cannot list those of its statements; whoever started it can, if that token still holds.
  const askers = [...new Set([admitted.asker, job.asker])];
  return scriptModels({ askers, projectId, jobId: job.jobId, bytesBilled: billedBy(job) ?? 0n });
}

/**
 * Something may have run of which only the label that was sent is known. If no job has it, the reservation stands
 * until it expires, and is then charged in full; if that cannot be found out now, it is looked for again later.
 * @param whereNone what it came to if the warehouse lists no job for it; null if it may be listed later
 */
async function findAndSettle(
  admitted: Admitted,
  sent: Sent,
  stages: Stages,
  whereNone: Settled | null = null,
): Promise<void> {
  const { id, job, atMs, asker } = admitted;
  const found = await stages.findJob({
    projectId: job.projectId,
    decisionId: sent.id,
    atMs,
    asker,
    isRepeat: sent.id !== id,
  });
  if (found === 'none' && whereNone !== null) await enter(admitted, whereNone, stages);
  else if (found === 'none') await giveBackPlaces(admitted, stages);
  else if (found === null) await abandon(admitted, stages);
  else await followAndSettle(admitted, found.jobId, found.location, stages);
}

async function followAndSettle(
  admitted: Admitted,
  jobId: string,
  location: string | null,
  stages: Stages,
): Promise<void> {
  const { projectId } = admitted.job;
  const job = { projectId, jobId, location, asker: admitted.asker };
  const outcome = await stages.jobs.follow(job, () => void giveBackPlaces(admitted, stages));
  if (outcome === null) return abandon(admitted, stages);
  const named = { ...outcome, jobId, location: location ?? outcome.location };
  const settled = await settledByJob(admitted, named, stages);
  if (settled === null) await giveBackPlaces(admitted, stages);
  else await enter(admitted, settled, stages);
}

/** Nobody here looks for the job any more: it is looked for again at the principal's next query. */
async function abandon(admitted: Admitted, stages: Stages): Promise<void> {
  await giveBackPlaces(admitted, stages);
  try {
    await stages.books.abandon(admitted.id);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'settle' });
    stages.log.error(
      { err: error, decision: admitted.id },
      'a query could not be left to be looked for later; its reservation stands',
    );
  }
}

/** A query not known to run takes no place from others; what it may cost stays reserved. */
async function giveBackPlaces({ id, coverages }: Admitted, stages: Stages): Promise<void> {
  const places = budgetsOfPlaces(coverages);
  if (places.length === 0) return;
  try {
    await stages.books.giveBackPlaces([id]);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'settle' });
    stages.log.error({ err: error, decision: id }, 'the place of a query could not be given back');
  }
  for (const place of places) stages.turnstile.released(accountId(place));
}

async function enter(admitted: Admitted, settled: Settled, stages: Stages): Promise<void> {
  if (wasStoppedByEstimate(admitted, settled))
    stages.estimates.toldTooLittle(pricedJob(admitted), admitted.asker);
  try {
    const settlement = await stages.books.settle(
      {
        ...settled,
        decisionId: admitted.id,
        admittedAtMs: admitted.atMs,
        atMs: Date.now(),
        durationMs: Math.round(performance.now() - admitted.admittedAt),
      },
      { isAwaited: isAwaited(admitted, settled, stages) },
    );
    countSettlement(settlement, admitted.team.name, stages.metrics);
    admitted.trace.setAttributes({ bytesBilled: settlement.bytesBilled });
    stages.feed.publishSettlement(settlement, admitted.team.name);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'settle' });
    stages.log.error(
      { err: error, decision: admitted.id },
      'a settlement could not be written; its reservation stands',
    );
  }
  for (const place of budgetsOfPlaces(admitted.coverages)) stages.turnstile.released(accountId(place));
  stages.thresholds.look(admitted);
}

/** Whether a query ran into a cap that was its fresh estimate, and neither a rule's nor the client's. */
function wasStoppedByEstimate(
  { estimate, estimateSource, cap, reserved }: Admitted,
  { errorReason }: Settled,
): boolean {
  const wasOfEstimate = isUpperBound(estimate) && cap >= reserved.bytesBilled;
  return errorReason === 'bytesBilledLimitExceeded' && wasOfEstimate && estimateSource === 'dry run';
}

/**
 * Whether anybody waits for this settlement to be written. The client does not, since its answer is on its way; queries
 * in line for a place that the settlement frees do.
 */
function isAwaited({ coverages }: Admitted, { source }: Settled, { turnstile }: Stages): boolean {
  if (source === 'not run') return true;
  const waiting = turnstile.waiting();
  return budgetsOfPlaces(coverages).some((place) => waiting.has(accountId(place)));
}

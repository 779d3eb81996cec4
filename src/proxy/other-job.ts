import type { Readable } from 'node:stream';
import type { Request } from 'express';
import { clientSignsOf, hintsOf } from '../caller/hints.ts';
import { foldLabelValue } from '../caller/labels.ts';
import type { Decision } from '../vocabulary/decision.ts';
import { DECISION_LABEL, newDecisionId } from '../vocabulary/decision-id.ts';
import { jobName } from '../vocabulary/job-name.ts';
import { reportedTariff } from '../vocabulary/job-tariff.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import { NO_SQL, readingWithoutSql, type TableUse } from '../vocabulary/reading.ts';
import type { TableReference } from '../vocabulary/table.ts';
import type { SettlementPrice } from '../vocabulary/unpriced-settlement.ts';
import { observeOutcome } from './answer/observe.ts';
import type { Exchange } from './exchange.ts';
import type { FollowedJob } from './jobs/follow-job.ts';
import type { JobOutcome } from './jobs/job-outcome.ts';
import { labelledBody } from './request/job/job-bodies.ts';
import type { OtherJob } from './request/job/query-job.ts';
import type { Upload } from './request/upload.ts';
import type { Stages } from './stages.ts';
import { askerOf } from './steps/identify.ts';
import { record } from './steps/record.ts';
import { relay } from './upstream/relay.ts';

interface JobExchange extends Exchange {
  /** The media that come with it, or null. */
  readonly media: Upload | null;
}

/**
 * Lets a load, copy or extract job through: labelled, recorded and counted. They are free of charge by the byte, and what
 * slots they may use is not known before, so nothing is reserved. The warehouse's answer says who started it.
 * @see https://cloud.google.com/bigquery/pricing#free
 */
export async function runOtherJob(job: OtherJob, exchange: JobExchange, stages: Stages): Promise<void> {
  const { request, response } = exchange;
  const arrivedAt = performance.now();
  const asker = askerOf(request);
  const id = newDecisionId();
  const body = bodyToSend(job, exchange, { id, principal: stages.estimates.principalOf(asker) }, stages);
  const overheadMs = performance.now() - arrivedAt;
  const head = await stages.upstream.send(request, response, body);
  const observed = observeOutcome(head);
  await relay({ head, body: head }, response, { 'x-guardrail-decision-id': id });
  const { jobId, location, userEmail } = await observed;
  const status = head.statusCode ?? 0;
  const cause = status >= 400 ? `HTTP ${status}` : null;
  const { hints } = hintsOf({
    sql: '',
    labels: job.labels,
    ...clientSignsOf(request.headers),
  });
  const principal = userEmail ?? stages.estimates.principalOf(asker);
  const caller = { ...hints, principal, team: stages.policy().teamOf(principal).name };
  const decision = decisionOnJob(job, { id, caller, cause, overheadMs });
  await record(decision, stages);
  if (cause === null && jobId !== null) {
    void followAndSettle(decision, { projectId: job.projectId, jobId, location, asker }, stages);
  }
}

/** @param id the decision's, for the label */
function bodyToSend(
  job: OtherJob,
  { request, media }: JobExchange,
  { id, principal }: { readonly id: string; readonly principal: string | null },
  { policy }: Stages,
): Buffer | Readable {
  // An unverified credential does not identify a team, and a label must not guess one.
  const team = principal === null ? null : policy().teamOf(principal);
  const body = labelledBody(job, {
    [DECISION_LABEL]: id,
    ...(team === null ? {} : { guardrail_team: foldLabelValue(team.name) }),
  });
  return media === null ? body : withMedia(media, body, request);
}

function withMedia(media: Upload, configuration: Buffer, request: Request) {
  const { body, lengthChange } = media.withConfiguration(configuration);
  const length = Number(request.headers['content-length']);
  if (Number.isSafeInteger(length)) request.headers['content-length'] = String(length + lengthChange);
  return body;
}

function decisionOnJob(
  { jobType, projectId, sources, destination }: OtherJob,
  seen: Pick<Decision, 'id' | 'caller' | 'cause' | 'overheadMs'>,
): Decision {
  return {
    ...seen,
    atMs: Date.now(),
    projectId,
    sql: '',
    sqlRetention: 'stored',
    reading: {
      ...readingWithoutSql(NO_SQL, { statement: jobType, fingerprint: jobType }),
      tables: sources.map(wholeTable),
    },
    estimate: null,
    estimatedCost: null,
    writes: destination === null ? [] : [destination],
    estimateCached: false,
    outcome: seen.cause === null ? 'admitted' : 'failed',
    hits: [],
    maximumBytesBilled: null,
  };
}

function wholeTable(table: TableReference): TableUse {
  return { table, star: true, projected: [], filtered: [], joined: [], grouped: [] };
}

async function followAndSettle(
  { id: decisionId, atMs: admittedAtMs }: Decision,
  job: FollowedJob,
  stages: Stages,
): Promise<void> {
  const startedAt = performance.now();
  const ended = await stages.jobs.follow(job);
  if (ended === null) return;
  stages.metrics.settlements.inc({ source: 'job' });
  try {
    await stages.books.settle({
      decisionId,
      admittedAtMs,
      atMs: Date.now(),
      jobId: jobName(job),
      bytesProcessed: ended.bytesProcessed ?? 0n,
      bytesBilled: 0n,
      cacheHit: false,
      slotMs: ended.slotMs,
      durationMs: Math.round(performance.now() - startedAt),
      errorReason: ended.errorReason,
      source: 'job',
      price: priceOf(job.projectId, ended, stages.policy().pricing),
    });
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'settle' });
    stages.log.error({ err: error, decision: decisionId }, 'the end of a job could not be recorded');
  }
}

/**
 * Jobs without SQL share free slots, unless their project has a reservation for them: those are then paid for like any others.
 * @see https://cloud.google.com/bigquery/docs/reservations-assignments#assign_a_project_to_a_reservation
 */
function priceOf(projectId: string, ended: JobOutcome, pricing: Pricing): SettlementPrice {
  const job = {
    projectId,
    location: ended.location ?? '',
    statementType: null,
    bytesBilled: 0n,
    models: 'none',
    reservation: ended.reservation,
    slotMs: BigInt(ended.slotMs ?? 0),
  } as const;
  const tariff = reportedTariff(job, pricing);
  return tariff === null
    ? { known: { currency: pricing.currency, micros: 0n } }
    : { tariff, freeBytesPerMonth: 0n };
}

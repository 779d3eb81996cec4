import { createDateOf } from '../../foundation/calendar/days.ts';
import { DAY_MS, MINUTE_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { jobName } from '../../vocabulary/job-name.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { combine } from './combine.ts';
import { piecesOf } from './days.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import { dateOf, type Judged, type JudgeOptions } from './judge.ts';
import type { LedgerEntry } from './ledger/ledger-entry.ts';
import { readEntriesOfJobs, readLedger } from './ledger/read-ledger.ts';
import { isRolledUp } from './ledger/rolled-up.ts';
import { type Pairing, pair } from './pair.ts';
import { isWithin, reconcile, reportOn } from './reconcile.ts';
import type { Report } from './report.ts';
import { siftJobs } from './sift-jobs.ts';

/** A job is created within seconds of its decision; the warehouse's clock may differ from guardrail's. */
const SLACK_MS = 30 * MINUTE_MS;

/** This much is in memory at once. */
const PIECE_MS = DAY_MS;

/** A project's jobs in a location. */
export interface JobsLocation {
  readonly projectId: string;
  /** As BigQuery writes it. */
  readonly location: string;
}

export interface ReconcileSpanOptions {
  readonly ledger: LedgerReader;
  readonly jobsIn: (place: JobsLocation, span: TimeSpan) => AsyncIterable<WarehouseJob>;
  /** Each once. */
  readonly places: readonly JobsLocation[];
  readonly timeZone: string;
  readonly teamOf: (principal: string | null) => string;
  readonly pricing: Pricing;
  /** A job that ended later than this may not have its final figures yet. */
  readonly finalBeforeMs: number;
  /** How many findings of each kind the report keeps, the largest: all by default. */
  readonly mostFindings?: number;
}

/**
 * Reconciles a span day by day, as if it were one. What was decided within minutes of an edge is read on both sides of
 * it, so that a decision at 23:59:59.9 finds its job of 00:00:00.1. What is left alone is paired over all days, and jobs with
 * decisions from before and after the span too: a decision that was made under a wrong clock is dated far from its job.
 * @throws JobsUnreadable, LedgerError; Error if some of it was pruned, be it meanwhile
 */
export async function reconcileSpan(span: TimeSpan, options: ReconcileSpanOptions): Promise<Report> {
  const { ledger, places, pricing, teamOf, finalBeforeMs, mostFindings = Number.POSITIVE_INFINITY } = options;
  const read = new Set(places.map(placeKey));
  const ofSpan = {
    span,
    finalBeforeMs,
    dayOf: createDateOf(options.timeZone),
    teamOf,
    pricing,
    mostFindings,
    isRead: (projectId: string, location: string) => read.has(placeKey({ projectId, location })),
  };
  const left: Left[] = [];
  const reports: Report[] = [];
  for (const piece of piecesOf(span, PIECE_MS)) {
    const around = aroundOf(piece);
    const ofPiece = { ...ofSpan, span: piece };
    const jobs = await jobsOf(options, around, (strangers) => {
      reports.push(reportOn(alone(strangers), ofPiece));
    });
    const { settled, ...leftOver } = divide(pair(await readLedger(ledger, around), jobs), {
      piece,
      ...ofSpan,
    });
    left.push(leftOver);
    reports.push(reportOn(settled, ofPiece));
  }
  const jobsLeft = left.flatMap(({ jobs }) => jobs);
  const elsewhen = await readEntriesOfJobs(ledger, jobsLeft.map(jobName), span);
  const entriesLeft = [...left.flatMap(({ entries }) => entries), ...elsewhen];
  reports.push(reconcile(entriesLeft, jobsLeft, ofSpan, dateWithin(span)));
  // Jobs of decisions that were deleted since the start would be taken for unguarded ones, and entered a second time.
  await refuseRolledUp(ledger, span);
  return combine(reports, mostFindings);
}

/** Jobs that nothing in the ledger is about. */
function alone(jobsAlone: readonly WarehouseJob[]): Pairing {
  return { pairs: [], latecomers: [], entriesAlone: [], jobsAlone };
}

/** What is in a piece of a span and has to be paired over all of the span. */
interface Left {
  readonly entries: readonly LedgerEntry[];
  readonly jobs: readonly WarehouseJob[];
}

/**
 * Divides what was paired in a piece, and around it, into what is settled and what is left. A pair on both sides of the
 * piece's edge is left, since the other piece may not have seen both of it, and would take what it saw for alone.
 */
function divide(
  pairing: Pairing,
  {
    piece,
    span,
    isRead,
  }: { readonly piece: TimeSpan; readonly span: TimeSpan } & Pick<JudgeOptions, 'isRead'>,
): Left & { readonly settled: Pairing } {
  const around = aroundOf(piece);
  // Beyond the edges of the span, there is no other piece.
  const own = {
    fromMs: piece.fromMs === span.fromMs ? around.fromMs : piece.fromMs,
    toMs: piece.toMs === span.toMs ? around.toMs : piece.toMs,
  };
  const { own: pairs = [], across = [] } = Object.groupBy(pairing.pairs, ({ entry, job }) =>
    isWithin(own, entry.atMs) && isWithin(own, job.createdAtMs) ? 'own' : 'across',
  );
  const { lost = [], never = [] } = Object.groupBy(pairing.entriesAlone, (entry) =>
    mayHaveOwnJob(entry, { isRead }) ? 'lost' : 'never',
  );
  return {
    settled: { ...pairing, pairs, entriesAlone: never, jobsAlone: [] },
    entries: [...lost, ...across.map(({ entry }) => entry)].filter(({ atMs }) => isWithin(piece, atMs)),
    jobs: [...pairing.jobsAlone, ...across.map(({ job }) => job)].filter(({ createdAtMs }) =>
      isWithin(piece, createdAtMs),
    ),
  };
}

function aroundOf({ fromMs, toMs }: TimeSpan): TimeSpan {
  return { fromMs: fromMs - SLACK_MS, toMs: toMs + SLACK_MS };
}

/** Whether a decision has a job that could be found, however far it is looked for. */
function mayHaveOwnJob(
  { admitted, projectId, location, settlement }: LedgerEntry,
  { isRead }: Pick<JudgeOptions, 'isRead'>,
): boolean {
  if (!admitted || settlement?.source === 'repeated') return false;
  return location === null || isRead(projectId, location);
}

/** The jobs of a span, without those that nothing in the ledger is about. */
async function jobsOf(
  { ledger, jobsIn, places }: ReconcileSpanOptions,
  span: TimeSpan,
  onStrangers: (strangers: readonly WarehouseJob[]) => void,
): Promise<readonly WarehouseJob[]> {
  const jobs: WarehouseJob[] = [];
  for (const place of places) {
    for (const job of await siftJobs(ledger, jobsIn(place, span), onStrangers)) jobs.push(job);
  }
  return jobs;
}

/** A decision from outside the span counts when its job ran, which is in it. */
function dateWithin(span: TimeSpan): (one: Judged) => number {
  return (one) =>
    one.entry === null || one.job === null || isWithin(span, one.entry.atMs)
      ? dateOf(one)
      : one.job.createdAtMs;
}

/**
 * Refuses a span of which the ledger has lost decisions that it would be compared by, a few minutes around it included.
 * @throws Error that says so, and what to do
 */
export async function refuseRolledUp(db: LedgerReader, span: TimeSpan): Promise<void> {
  if (!(await isRolledUp(db, aroundOf(span)))) return;
  throw new Error(
    'For that period, or the minutes around it, the ledger keeps only daily sums and no queries. Reconcile a later period, and each month before its decisions are pruned.',
  );
}

function placeKey({ projectId, location }: JobsLocation): string {
  return `${projectId} ${location}`;
}

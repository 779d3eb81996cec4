import { DAY_MS, MINUTE_MS } from '../calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import { combine } from './combine.ts';
import { createDayOf, piecesOf } from './days.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import { isRolledUp, readLedger } from './read-ledger.ts';
import { reconcile } from './reconcile.ts';
import { emptyReport, type Report } from './report.ts';

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
}

/**
 * Reconciles a span day by day, as if it were one. What was decided within minutes of an edge is read on both sides of
 * it, so that a decision at 23:59:59.9 finds its job of 00:00:00.1.
 * @throws JobsUnreadable, LedgerError; Error if some of it was pruned, be it meanwhile
 */
export async function reconcileSpan(span: TimeSpan, options: ReconcileSpanOptions): Promise<Report> {
  const { places, pricing, teamOf, finalBeforeMs } = options;
  const dayOf = createDayOf(options.timeZone);
  const read = new Set(places.map(placeKey));
  const isRead = (projectId: string, location: string) => read.has(placeKey({ projectId, location }));
  let report = emptyReport;
  for (const piece of piecesOf(span, PIECE_MS)) {
    const around = { fromMs: piece.fromMs - SLACK_MS, toMs: piece.toMs + SLACK_MS };
    const jobs: WarehouseJob[] = [];
    for (const place of places) for await (const job of options.jobsIn(place, around)) jobs.push(job);
    const entries = await readLedger(options.ledger, around);
    const ofPiece = { span: piece, finalBeforeMs, dayOf, teamOf, pricing, isRead };
    report = combine(report, reconcile(entries, jobs, ofPiece));
  }
  // Jobs of decisions that were deleted since the start would be taken for unguarded ones, and entered a second time.
  await refuseRolledUp(options.ledger, span);
  return report;
}

/**
 * Refuses a span of which the ledger has lost decisions that it would be compared by, a few minutes around it included.
 * @throws Error that says so, and what to do
 */
export async function refuseRolledUp(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<void> {
  if (!(await isRolledUp(db, { fromMs: fromMs - SLACK_MS, toMs: toMs + SLACK_MS }))) return;
  throw new Error(
    'For that period, or the minutes around it, the ledger keeps only daily sums and no queries. Reconcile a later period, and each month before its decisions are pruned.',
  );
}

function placeKey({ projectId, location }: JobsLocation): string {
  return `${projectId} ${location}`;
}

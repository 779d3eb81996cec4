import type { Ledger } from '../../ledger/ledger.ts';
import type { ColumnLineage } from '../../vocabulary/column-lineage.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { claimTarget, endClaim, type Position, type TargetClaim } from './cursor.ts';
import { type EventOptions, eventsOf } from './events.ts';
import { type NextRun, nextRuns } from './next-runs.ts';
import { eventJson } from './run-event.ts';
import type { LineageTarget, SendOutcome } from './target.ts';

/** Settlements sent under one claim: few enough to be read without holding anybody up. */
const BATCH = 50;

const MAX_RETRY_AFTER_MS = 300_000;

/** What happened to events. */
export type LineageOutcome = SendOutcome['outcome'] | 'pruned' | 'unreadable';

/** For metrics, and for the log if something went wrong. */
export interface LineageAttempt {
  readonly outcome: LineageOutcome;
  /** How many events, or entries of the books if they are gone. */
  readonly count: number;
  /** Null if it is not about a single decision. */
  readonly decision: string | null;
  /** Null if all is well. */
  readonly problem: string | null;
}

export interface LineageDelivery extends EventOptions {
  readonly ledger: Ledger;
  readonly target: LineageTarget;
  /**
   * What each column of the written table is made of, according to the SQL; null if that is not known. Never rejects.
   */
  readonly columnLineage: (decision: Decision) => Promise<ColumnLineage | null>;
  /** The SQL without its comments, in which tools name persons. */
  readonly withoutComments: (sql: string) => string;
  readonly onAttempt: (attempt: LineageAttempt) => void;
  readonly now: () => number;
  /** How long to leave the target alone after this many failures in a row. */
  readonly delayMs: (failures: number) => number;
  /** Aborted when the process stops: runs under way end, and no more begin. */
  readonly stopping: AbortSignal;
  /** How long this process has the claim; at least twice as long as the target may take for a run. */
  readonly leaseMs: number;
}

/**
 * Sends the target what comes next. If the process dies before the outcome is in the ledger, it is sent again.
 * @returns whether there may be more to send right away
 * @throws LedgerError
 */
export async function deliverNext(delivery: LineageDelivery): Promise<boolean> {
  const { ledger, target, leaseMs, now } = delivery;
  const nowMs = now();
  const claimed = await claimTarget(ledger, { target: target.name, nowMs, leaseMs });
  if (claimed === null) return false;
  const { runs, end } = await nextRuns(ledger.read, claimed.position, BATCH);
  // Half of the lease is left for the runs then under way.
  const batch = await deliverAll(delivery, claimed, runs, nowMs + leaseMs / 2);
  const position = batch.isAll ? end : batch.position;
  const failedUntilMs = batch.failed === null ? null : now() + waitMs(delivery, claimed, batch.failed);
  await endClaim(ledger, claimed, { position, failedUntilMs });
  return failedUntilMs === null;
}

interface DeliveredBatch {
  /** How many were sent without a gap. */
  readonly position: Position;
  readonly isAll: boolean;
  readonly failed: Extract<SendOutcome, { outcome: 'failed' }> | null;
}

async function deliverAll(
  delivery: LineageDelivery,
  { position: from }: TargetClaim,
  runs: readonly NextRun[],
  untilMs: number,
): Promise<DeliveredBatch> {
  const { atOnce } = delivery.target;
  let position = from;
  for (let at = 0; at < runs.length; at += atOnce) {
    if (delivery.stopping.aborted || delivery.now() >= untilMs)
      return { position, isAll: false, failed: null };
    const chunk = runs.slice(at, at + atOnce);
    const failures = await Promise.all(chunk.map((run) => deliverRun(delivery, run)));
    for (const [i, failed] of failures.entries()) {
      if (failed !== null) return { position, isAll: false, failed };
      position = chunk[i]?.position ?? position;
    }
  }
  return { position, isAll: true, failed: null };
}

/** Null if the run is done with: sent, or never to be sent. */
async function deliverRun(delivery: LineageDelivery, run: NextRun): Promise<DeliveredBatch['failed']> {
  const { onAttempt, target } = delivery;
  if (run.kind === 'pruned') {
    const problem = 'its record was pruned before it was sent';
    onAttempt({ outcome: 'pruned', count: run.entries, decision: null, problem });
    return null;
  }
  const lines = run.kind === 'settled' ? await linesOf(delivery, run) : { error: run.error };
  if ('error' in lines) {
    const decision = run.kind === 'settled' ? run.decision.id : run.decisionId;
    onAttempt({ outcome: 'unreadable', count: 1, decision, problem: String(lines.error) });
    return null;
  }
  if (lines.length === 0 || run.kind !== 'settled') return null;
  const answers = await target.send(lines);
  for (const answer of answers) {
    const problem = answer.outcome === 'sent' ? null : answer.problem;
    onAttempt({ outcome: answer.outcome, count: 1, decision: run.decision.id, problem });
  }
  return answers.find((answer) => answer.outcome === 'failed') ?? null;
}

/** A record that cannot be made into an event must not hold up those after it. */
async function linesOf(
  delivery: LineageDelivery,
  { decision, settlement, earlier }: Extract<NextRun, { kind: 'settled' }>,
): Promise<readonly string[] | { readonly error: unknown }> {
  try {
    const columnLineage = await delivery.columnLineage(decision);
    const isWhole = decision.sqlRetention === 'stored';
    const readable = isWhole ? { ...decision, sql: delivery.withoutComments(decision.sql) } : decision;
    return eventsOf({ decision: readable, settlement, earlier, columnLineage }, delivery).map(eventJson);
  } catch (error) {
    return { error };
  }
}

/** Never longer than guardrail's own longest pause, whatever the target asks for. */
function waitMs(
  { delayMs }: LineageDelivery,
  { failures }: TargetClaim,
  { retryAfterMs }: Extract<SendOutcome, { outcome: 'failed' }>,
): number {
  return Math.max(delayMs(failures + 1), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
}

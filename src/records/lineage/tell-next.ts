import type { Ledger } from '../../ledger/ledger.ts';
import type { ColumnLineage } from '../../vocabulary/column-lineage.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { claim, endClaim, type Position, type TargetClaim } from './cursor.ts';
import { type EventOptions, eventsOf } from './events.ts';
import { type NextRun, nextRuns } from './next-runs.ts';
import { eventJson } from './run-event.ts';
import type { LineageTarget, TargetAnswer } from './target.ts';

/** Settlements sent under one claim: few enough to be read without holding anybody up. */
const BATCH = 50;

/** What happened to events. */
export type LineageOutcome = TargetAnswer['outcome'] | 'pruned' | 'unreadable';

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

export interface LineageTelling extends EventOptions {
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
export async function tellNext(telling: LineageTelling): Promise<boolean> {
  const { ledger, target, leaseMs, now } = telling;
  const nowMs = now();
  const claimed = await claim(ledger, { target: target.name, nowMs, leaseMs });
  if (claimed === null) return false;
  const { runs, end } = await nextRuns(ledger.read, claimed.position, BATCH);
  // Half of the lease is left for the runs then under way.
  const told = await tellAll(telling, claimed, runs, nowMs + leaseMs / 2);
  const position = told.isAll ? end : told.position;
  const failedUntilMs = told.failed === null ? null : now() + waitMs(telling, claimed, told.failed);
  await endClaim(ledger, claimed, { position, failedUntilMs });
  return failedUntilMs === null;
}

interface AllTold {
  /** How many were sent without a gap. */
  readonly position: Position;
  readonly isAll: boolean;
  readonly failed: Extract<TargetAnswer, { outcome: 'failed' }> | null;
}

async function tellAll(
  telling: LineageTelling,
  { position: from }: TargetClaim,
  runs: readonly NextRun[],
  untilMs: number,
): Promise<AllTold> {
  const { atOnce } = telling.target;
  let position = from;
  for (let at = 0; at < runs.length; at += atOnce) {
    if (telling.stopping.aborted || telling.now() >= untilMs) return { position, isAll: false, failed: null };
    const some = runs.slice(at, at + atOnce);
    const ends = await Promise.all(some.map((run) => tellRun(telling, run)));
    for (const [i, failed] of ends.entries()) {
      if (failed !== null) return { position, isAll: false, failed };
      position = some[i]?.position ?? position;
    }
  }
  return { position, isAll: true, failed: null };
}

/** Null if the run is done with: sent, or never to be sent. */
async function tellRun(telling: LineageTelling, run: NextRun): Promise<AllTold['failed']> {
  const { onAttempt, target } = telling;
  if (run.kind === 'pruned') {
    const problem = 'it was given up, since its time to be kept was over, before it was told';
    onAttempt({ outcome: 'pruned', count: run.entries, decision: null, problem });
    return null;
  }
  const lines = run.kind === 'settled' ? await linesOf(telling, run) : { error: run.error };
  if ('error' in lines) {
    const decision = run.kind === 'settled' ? run.decision.id : run.decisionId;
    onAttempt({ outcome: 'unreadable', count: 1, decision, problem: String(lines.error) });
    return null;
  }
  if (lines.length === 0 || run.kind !== 'settled') return null;
  const answers = await target.tell(lines);
  for (const answer of answers) {
    const problem = answer.outcome === 'told' ? null : answer.problem;
    onAttempt({ outcome: answer.outcome, count: 1, decision: run.decision.id, problem });
  }
  return answers.find((answer) => answer.outcome === 'failed') ?? null;
}

/** A record that cannot be made into an event must not hold up those after it. */
async function linesOf(
  telling: LineageTelling,
  { decision, settlement, earlier }: Extract<NextRun, { kind: 'settled' }>,
): Promise<readonly string[] | { readonly error: unknown }> {
  try {
    const columnLineage = await telling.columnLineage(decision);
    const isWhole = decision.sqlRetention === 'stored';
    const told = isWhole ? { ...decision, sql: telling.withoutComments(decision.sql) } : decision;
    return eventsOf({ decision: told, settlement, earlier, columnLineage }, telling).map(eventJson);
  } catch (error) {
    return { error };
  }
}

/** Never longer than guardrail's own longest pause, whatever the target asks for. */
function waitMs(
  { delayMs }: LineageTelling,
  { failures }: TargetClaim,
  { retryAfterMs }: Extract<TargetAnswer, { outcome: 'failed' }>,
): number {
  return Math.max(delayMs(failures + 1), Math.min(retryAfterMs, MOST_ASKED_MS));
}

const MOST_ASKED_MS = 300_000;

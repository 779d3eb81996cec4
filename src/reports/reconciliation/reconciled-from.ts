import type { LedgerReader } from '../../ledger/ledger.ts';

/** What reconciliations know about jobs of a time span that bypassed guardrail. */
export interface Reconciled {
  /** Up to when jobs were looked at without a gap from the start; null if the start was not. */
  readonly untilMs: number | null;
  /** Jobs that were found but not entered in the books. */
  readonly notEntered: number;
}

interface Looked {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly notEntered: number;
}

/** How far reconciliations have looked at the jobs of a time span. */
export async function reconciledFrom(db: LedgerReader, fromMs: number): Promise<Reconciled> {
  const rows = await db
    .selectFrom('reconciliations')
    .select(['at_ms', 'from_ms', 'to_ms', 'unguarded_jobs', 'corrections'])
    .where('to_ms', '>', BigInt(fromMs))
    .orderBy('from_ms')
    .execute();
  const looked = rows.map(({ at_ms, from_ms, to_ms, unguarded_jobs, corrections }) => ({
    atMs: Number(at_ms),
    fromMs: Number(from_ms),
    toMs: Number(to_ms),
    // Corrections are entered for everything that is found, or for nothing.
    notEntered: corrections === 0n ? Number(unguarded_jobs) : 0,
  }));
  return { untilMs: untilMs(looked, fromMs), notEntered: notEntered(looked) };
}

function untilMs(looked: readonly Looked[], fromMs: number): number | null {
  let until: number | null = null;
  for (const { fromMs: begins, toMs } of looked) {
    if (begins > (until ?? fromMs)) return until;
    until = Math.max(until ?? fromMs, toMs);
  }
  return until;
}

/** A later look at the same span says how it stands since. */
function notEntered(looked: readonly Looked[]): number {
  const last = looked.filter(
    (one) =>
      !looked.some((other) => other.atMs > one.atMs && other.fromMs <= one.fromMs && other.toMs >= one.toMs),
  );
  return last.reduce((sum, one) => sum + one.notEntered, 0);
}

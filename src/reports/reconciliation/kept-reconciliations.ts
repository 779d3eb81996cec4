import type { Insertable } from 'kysely';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { storable } from '../../ledger/storable.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { balances, type Report } from './report.ts';
import { totalsOf } from './totals.ts';

/**
 * What one reconciliation found, before its corrections, and how many corrections it wrote. One that writes any is kept
 * twice: before the first, with none yet, and after the last.
 */
export interface Reconciliation {
  readonly id: string;
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly balanced: boolean;
  readonly ledgerBytes: Bytes;
  readonly warehouseBytes: Bytes;
  readonly unguardedJobs: number;
  readonly unguardedBytes: Bytes;
  readonly missingJobs: number;
  /** What the ledger stores about them. */
  readonly missingBytes: Bytes;
  readonly corrections: number;
  /** Why it writes corrections; null if it writes none, or nobody said. */
  readonly reason: string | null;
  readonly writtenBy: string | null;
}

/** A report in the form in which it is stored. */
export function reconciliationOf(
  report: Report,
  about: Pick<Reconciliation, 'id' | 'atMs' | 'fromMs' | 'toMs' | 'corrections' | 'reason' | 'writtenBy'>,
): Reconciliation {
  const { ledgerBytes, warehouseBytes } = totalsOf(report);
  const { unguarded, missing } = report.totals;
  return {
    ...about,
    balanced: balances(report),
    ledgerBytes,
    warehouseBytes,
    unguardedJobs: unguarded.count,
    unguardedBytes: unguarded.warehouseBytes,
    missingJobs: missing.count,
    missingBytes: missing.ledgerBytes,
  };
}

type ReconciliationRow = Insertable<LedgerSchema['reconciliations']>;

/**
 * Enters what was found.
 * @param enterInJournal enters the same in the journal, in the same transaction
 * @throws LedgerError
 */
export async function keepReconciliation(
  ledger: Ledger,
  found: Reconciliation,
  enterInJournal: (db: LedgerTransaction, row: ReconciliationRow) => Promise<void>,
): Promise<void> {
  const row = rowOf(found);
  await ledger.write(async (db) => {
    await db.insertInto('reconciliations').values(row).execute();
    await enterInJournal(db, row);
  });
}

function rowOf(found: Reconciliation): ReconciliationRow {
  return {
    id: found.id,
    at_ms: BigInt(found.atMs),
    from_ms: BigInt(found.fromMs),
    to_ms: BigInt(found.toMs),
    balanced: found.balanced ? 1n : 0n,
    ledger_bytes: storable(found.ledgerBytes, "The ledger's bytes"),
    warehouse_bytes: storable(found.warehouseBytes, "The warehouse's bytes"),
    unguarded_jobs: BigInt(found.unguardedJobs),
    unguarded_bytes: storable(found.unguardedBytes, 'The bytes of unguarded jobs'),
    missing_jobs: BigInt(found.missingJobs),
    missing_bytes: storable(found.missingBytes, 'The bytes of missing jobs'),
    corrections: BigInt(found.corrections),
    reason: found.reason,
    written_by: found.writtenBy,
  };
}

/** The latest one; null if there was none yet. */
export async function latestReconciliation(db: LedgerReader): Promise<Reconciliation | null> {
  const row = await db
    .selectFrom('reconciliations')
    .selectAll()
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    atMs: Number(row.at_ms),
    fromMs: Number(row.from_ms),
    toMs: Number(row.to_ms),
    balanced: row.balanced === 1n,
    ledgerBytes: row.ledger_bytes,
    warehouseBytes: row.warehouse_bytes,
    unguardedJobs: Number(row.unguarded_jobs),
    unguardedBytes: row.unguarded_bytes,
    missingJobs: Number(row.missing_jobs),
    missingBytes: row.missing_bytes,
    corrections: Number(row.corrections),
    reason: row.reason,
    writtenBy: row.written_by,
  };
}

import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { BooksFinding } from '../../../src/records/journal/findings.ts';
import { enterInJournal, type JournalEntry } from '../../../src/records/journal/journal.ts';
import { type VerifyReport, verifyRecords } from '../../../src/records/journal/verify.ts';
import { decisionRow, settlementRow } from './entries.ts';
import { insertEntry } from './insert-entry.ts';

export const DAY_MS = 86_400_000;

/** An instant of the first day of the books. */
export const FIRST_DAY_MS = Date.UTC(2026, 10, 1);

type EntryOf<Kind extends JournalEntry['kind']> = Extract<JournalEntry, { kind: Kind }>;

/** An admitted query over two tables, some columns null. */
export function decisionEntry(id: string, atMs = FIRST_DAY_MS): EntryOf<'decision'> {
  const row = decisionRow({
    id,
    at_ms: BigInt(atMs),
    principal: 'ana@example.com',
    dashboard: null,
    sql: 'SELECT "ação" FROM atendimento.tickets',
    details: '{"overheadMs":1.5}',
  });
  return { kind: 'decision', row, tables: ['p.d.tickets', 'p.d.messages'] };
}

export function settlementEntry(
  decisionId: string,
  { version = 1n, decisionAtMs = FIRST_DAY_MS } = {},
): EntryOf<'settlement'> {
  const row = settlementRow({
    decision_id: decisionId,
    version,
    at_ms: BigInt(decisionAtMs + 1000),
    job_id: `p:US.job_of_${decisionId}`,
    duration_ms: null,
    source: 'job',
  });
  return { kind: 'settlement', decisionAtMs: BigInt(decisionAtMs), row };
}

/** What is granted, or asked for. */
const MORE = {
  budget: 'atendimento-dia',
  account: '',
  unit: 'bytes',
  amount: 5n,
  reason: 'fechamento',
};

export function grantEntry(id: string): EntryOf<'grant'> {
  return {
    kind: 'grant',
    row: {
      id,
      ...MORE,
      granted_by: 'finops@example.com',
      granted_to: 'ana@example.com',
      created_at_ms: BigInt(FIRST_DAY_MS),
      expires_at_ms: BigInt(FIRST_DAY_MS + DAY_MS),
    },
  };
}

export function revocationEntry(grantId: string): EntryOf<'grant revocation'> {
  return {
    kind: 'grant revocation',
    row: { grant_id: grantId, revoked_by: 'finops@example.com', at_ms: BigInt(FIRST_DAY_MS + 1) },
  };
}

export function requestEntry(id: string): EntryOf<'grant request'> {
  return {
    kind: 'grant request',
    row: {
      id,
      ...MORE,
      asked_by: null,
      asked_for: 'ana@example.com',
      at_ms: BigInt(FIRST_DAY_MS),
      expires_at_ms: BigInt(FIRST_DAY_MS + DAY_MS),
    },
  };
}

/** A request that was declined. */
export function answerEntry(requestId: string): EntryOf<'grant answer'> {
  return {
    kind: 'grant answer',
    row: {
      request_id: requestId,
      answered_by: 'finops@example.com',
      at_ms: BigInt(FIRST_DAY_MS + 1),
      grant_id: null,
    },
  };
}

export function reconciliationEntry(id: string): EntryOf<'reconciliation'> {
  return {
    kind: 'reconciliation',
    row: {
      id,
      at_ms: BigInt(FIRST_DAY_MS + DAY_MS),
      from_ms: BigInt(FIRST_DAY_MS),
      to_ms: BigInt(FIRST_DAY_MS + DAY_MS),
      balanced: 1n,
      ledger_bytes: 1000n,
      warehouse_bytes: 1000n,
      unguarded_jobs: 0n,
      unguarded_bytes: 0n,
      missing_jobs: 0n,
      missing_bytes: 0n,
      corrections: 0n,
    },
  };
}

/** Writes entries as the books do: rows and journal in one transaction. */
export function enter(ledger: Ledger, ...entries: readonly JournalEntry[]): Promise<void> {
  return ledger.write(async (db) => {
    for (const entry of entries) await insertEntry(db, entry);
    await enterInJournal(db, entries);
  });
}

/** A verification with all that it found. */
export async function verified(
  ledger: Ledger,
  heads: ReadonlyMap<number, string> = new Map(),
  nowMs = Date.now(),
): Promise<VerifyReport & { readonly all: readonly BooksFinding[] }> {
  const all: BooksFinding[] = [];
  const report = await verifyRecords(ledger.read, {
    heads,
    nowMs,
    onFinding: (finding) => all.push(finding),
    onProgress: () => undefined,
  });
  return { ...report, all };
}

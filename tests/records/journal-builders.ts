import type { Ledger, LedgerTransaction } from '../../src/ledger/ledger.ts';
import type { Finding } from '../../src/records/findings.ts';
import { enterInJournal, type JournalEntry } from '../../src/records/journal.ts';
import { type VerifyReport, verifyRecords } from '../../src/records/verify.ts';

export const DAY_MS = 86_400_000;

/** An instant of the first day of the books. */
export const FIRST_DAY_MS = Date.UTC(2026, 10, 1);

type EntryOf<Kind extends JournalEntry['kind']> = Extract<JournalEntry, { kind: Kind }>;

/** An admitted query over two tables, some columns null. */
export function decisionEntry(id: string, atMs = FIRST_DAY_MS): EntryOf<'decision'> {
  return {
    kind: 'decision',
    row: {
      id,
      at_ms: BigInt(atMs),
      project_id: 'guardrail-demo',
      team: 'atendimento',
      principal: 'ana@example.com',
      tool: 'metabase',
      person: '12',
      dashboard: null,
      card: '7',
      sql: 'SELECT "ação" FROM atendimento.tickets',
      fingerprint: '0123456789abcdef',
      outcome: 'admitted',
      cause: null,
      estimated_bytes_processed: 900n,
      estimated_bytes_billed: 1000n,
      estimated_cost_micros: 60n,
      estimated_currency: 'USD',
      maximum_bytes_billed: 1000n,
      details: '{"overheadMs":1.5}',
    },
    tables: ['p.d.tickets', 'p.d.messages'],
  };
}

export function settlementEntry(
  decisionId: string,
  { version = 1n, decisionAtMs = FIRST_DAY_MS } = {},
): EntryOf<'settlement'> {
  return {
    kind: 'settlement',
    decisionAtMs: BigInt(decisionAtMs),
    row: {
      decision_id: decisionId,
      version,
      at_ms: BigInt(decisionAtMs + 1000),
      job_id: `p:US.job_of_${decisionId}`,
      bytes_processed: 900n,
      bytes_billed: 1000n,
      free_bytes: 0n,
      cost_micros: 60n,
      currency: 'USD',
      cache_hit: 0n,
      slot_ms: 42n,
      duration_ms: null,
      error_reason: null,
      source: 'job',
    },
  };
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

/** Writes the rows and no journal. */
export async function insertEntry(db: LedgerTransaction, entry: JournalEntry): Promise<void> {
  switch (entry.kind) {
    case 'decision': {
      await db.insertInto('decisions').values(entry.row).execute();
      const tables = entry.tables.map((table_name) => ({ decision_id: entry.row.id, table_name }));
      if (tables.length > 0) await db.insertInto('decision_tables').values(tables).execute();
      return;
    }
    case 'settlement':
      await db.insertInto('settlements').values(entry.row).execute();
      return;
    case 'grant':
      await db.insertInto('grants').values(entry.row).execute();
      return;
    case 'grant revocation':
      await db.insertInto('grant_revocations').values(entry.row).execute();
      return;
    case 'grant request':
      await db.insertInto('grant_requests').values(entry.row).execute();
      return;
    case 'grant answer':
      await db.insertInto('grant_answers').values(entry.row).execute();
      return;
    case 'reconciliation':
      await db.insertInto('reconciliations').values(entry.row).execute();
      return;
    case 'pruning':
      await db.insertInto('prunings').values(entry.row).execute();
  }
}

/** A verification with all that it found. */
export async function verified(
  ledger: Ledger,
  heads: ReadonlyMap<number, string> = new Map(),
  nowMs = Date.now(),
): Promise<VerifyReport & { readonly all: readonly Finding[] }> {
  const all: Finding[] = [];
  const report = await verifyRecords(ledger.read, {
    heads,
    nowMs,
    onFinding: (finding) => all.push(finding),
    onProgress: () => undefined,
  });
  return { ...report, all };
}

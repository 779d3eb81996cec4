import type { Insertable } from 'kysely';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { LedgerSchema } from '../../../src/ledger/schema.ts';
import { insertEntry } from './insert-entry.ts';

type DecisionRow = Insertable<LedgerSchema['decisions']>;
type SettlementRow = Insertable<LedgerSchema['settlements']>;

/** What a query has in the books, as far as it is not said. */
export interface Entry {
  readonly decision?: Partial<DecisionRow>;
  /** Names of tables that it read. */
  readonly tables?: readonly string[];
  /** Null: it is not settled. */
  readonly settlement?: Partial<SettlementRow> | null;
}

const atMs = BigInt(Date.UTC(2026, 10, 24, 12));

/** The details of a query over one table, as they are kept beside what has a column. */
const details = {
  reading: {
    reader: 'polyglot',
    unreadReason: null,
    statement: 'SELECT',
    tables: [],
    star: false,
    limit: 10,
    joinsWithoutCondition: 0,
    subqueries: 0,
    functions: [],
    antiPatterns: [],
  },
  estimate: {
    principal: 'bi@guardrail-demo.iam.gserviceaccount.com',
    statementType: 'SELECT',
    location: 'US',
    accuracy: 'PRECISE',
    referencedTables: [],
    madeAtMs: 1,
  },
  estimateCached: false,
  hits: [],
  overheadMs: 1.5,
  sqlRetention: 'stored',
};

/** An admitted SELECT by a Metabase card of team atendimento, unless said otherwise. */
export function decisionRow(changes: Partial<DecisionRow> = {}): DecisionRow {
  return {
    id: 'decision-1',
    at_ms: atMs,
    project_id: 'guardrail-demo',
    team: 'atendimento',
    principal: 'bi@guardrail-demo.iam.gserviceaccount.com',
    tool: 'metabase',
    person: '12',
    dashboard: '3',
    card: '7',
    sql: 'SELECT subject FROM atendimento.tickets',
    fingerprint: '0123456789abcdef',
    outcome: 'admitted',
    cause: null,
    estimated_bytes_processed: 900n,
    estimated_bytes_billed: 1000n,
    estimated_cost_micros: 60n,
    estimated_currency: 'USD',
    maximum_bytes_billed: 1000n,
    details: JSON.stringify(details),
    ...changes,
  };
}

/** What `decisionRow()` came to, unless said otherwise. */
export function settlementRow(changes: Partial<SettlementRow> = {}): SettlementRow {
  return {
    decision_id: 'decision-1',
    version: 1n,
    at_ms: atMs + 1000n,
    job_id: `guardrail-demo:US.job_of_${changes.decision_id ?? 'decision-1'}`,
    bytes_processed: 900n,
    bytes_billed: 1000n,
    free_bytes: 0n,
    cost_micros: 60n,
    currency: 'USD',
    cache_hit: 0n,
    slot_ms: 42n,
    duration_ms: 900n,
    error_reason: null,
    source: 'response',
    ...changes,
  };
}

/** Writes a query into the books as it stands there once it has ended: decision, tables, settlement. */
export async function enter(
  ledger: Ledger,
  { decision, tables = [], settlement = {} }: Entry,
): Promise<void> {
  const row = decisionRow(decision);
  const decisionAtMs = BigInt(row.at_ms);
  await ledger.write(async (db) => {
    await insertEntry(db, { kind: 'decision', row, tables });
    if (settlement === null) return;
    const settled = settlementRow({ decision_id: row.id, at_ms: decisionAtMs + 900n, ...settlement });
    await insertEntry(db, { kind: 'settlement', row: settled, decisionAtMs });
  });
}

/** A settlement by itself: a later version, or one whose decision was never written. */
export async function enterSettlement(ledger: Ledger, changes: Partial<SettlementRow>): Promise<void> {
  await ledger.write(async (db) => {
    await db.insertInto('settlements').values(settlementRow(changes)).execute();
  });
}

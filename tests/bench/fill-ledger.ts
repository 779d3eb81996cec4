import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { openLedger } from '../../src/ledger/ledger.ts';

/** How the ledger of a bench is filled. */
export interface Filling {
  readonly path: string;
  readonly decisions: number;
  /** Days that they are spread over, up to `toMs`. */
  readonly days: number;
  readonly toMs: number;
  /** Whether decisions keep the text of their SQL; else it is empty, as where a policy drops it. */
  readonly keepsSql: boolean;
  /** The ID of the decision of an instant. */
  idOf(i: number, atMs: number): string;
}

/** One query of a dashboard. */
interface Query {
  readonly id: string;
  readonly atMs: number;
  readonly card: number;
  readonly team: string;
  readonly tables: readonly string[];
  readonly bytes: bigint;
  readonly cost: bigint;
  readonly cacheHit: boolean;
}

const DAY_MS = 86_400_000;
const PROJECT = 'company-warehouse';
const COLUMNS = [
  'ticket_id',
  'created_at',
  'sender',
  'channel',
  'first_answer_minutes',
  'agent_id',
  'priority',
];
const TABLES = ['messages', 'tickets', 'agents', 'ratings', 'calls', 'articles'];

/**
 * Fills a new ledger as dashboards would: 600 cards on 60 dashboards, seen by 400 persons of 12 teams, over one table
 * or two; each query holds a part of two budgets, is settled, and is in the journal; one of fifty is refused.
 */
export async function fillLedger(filling: Filling): Promise<void> {
  const { path, decisions, days, toMs, keepsSql } = filling;
  await (await openLedger(`sqlite:${path}`)).close();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000000; BEGIN');
  const insert = inserter(db);
  for (let i = 0; i < decisions; i += 1) {
    const query = queryOf(filling, i, toMs - days * DAY_MS + Math.floor((i / decisions) * days * DAY_MS));
    const refused = i % 50 === 0;
    enterDecision(insert, query, { i, refused, sql: keepsSql ? sqlOf(query.card) : '' });
    if (!refused) enterSettlement(insert, query, i);
  }
  // Else the first that opens it takes its entries for older than the journal, and looks at each.
  insert('seals', { seal: decisions >> 6, at_ms: toMs, entries: 1, entries_hash: '', hash: digest('seal') });
  db.exec('COMMIT; PRAGMA journal_mode = WAL');
  db.close();
}

type Insert = (table: string, row: Readonly<Record<string, string | number | bigint | null>>) => void;

function inserter(db: DatabaseSync): Insert {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return (table, row) => {
    const columns = Object.keys(row);
    const statement =
      statements.get(table) ??
      db.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
    statements.set(table, statement);
    statement.run(...Object.values(row));
  };
}

function queryOf({ idOf }: Filling, i: number, atMs: number): Query {
  const card = spread(i, 600);
  const bytes = BigInt(10 + spread(i * 13, 4000)) << 20n;
  return {
    id: idOf(i, atMs),
    atMs,
    card,
    team: `team-${card % 12}`,
    tables: TABLES.slice(card % 5, (card % 5) + 1 + (card % 2)),
    bytes,
    cost: (bytes * 6_250_000n) / (1n << 40n) + 1n,
    cacheHit: i % 3 === 0,
  };
}

function enterDecision(
  insert: Insert,
  query: Query,
  { i, refused, sql }: { readonly i: number; readonly refused: boolean; readonly sql: string },
): void {
  const { id, atMs, card, team, bytes, cost, tables } = query;
  insert('decisions', {
    id,
    at_ms: atMs,
    project_id: PROJECT,
    team,
    principal: `metabase-${team}@${PROJECT}.iam.gserviceaccount.com`,
    tool: 'metabase',
    person: String(spread(i * 7, 400)),
    dashboard: String(card % 60),
    card: String(card),
    sql,
    fingerprint: digest(`card ${card}`).slice(0, 32),
    outcome: refused ? 'refused' : 'admitted',
    cause: refused ? 'mensagens-sem-particao' : null,
    estimated_bytes_processed: bytes,
    estimated_bytes_billed: bytes,
    estimated_cost_micros: cost,
    estimated_currency: 'USD',
    maximum_bytes_billed: bytes,
    details: detailsOf(tables, atMs),
  });
  for (const name of tables) {
    insert('decision_tables', { decision_id: id, table_name: `${PROJECT}.atendimento.${name}` });
  }
  insert('journal', { kind: 'decision', id, at_ms: atMs, hash: digest(id), seal: i >> 6 });
}

function enterSettlement(insert: Insert, { id, atMs, team, bytes, cost, cacheHit }: Query, i: number): void {
  const endMs = atMs + 900;
  const amounts = { bytes_billed: bytes, cost_micros: cost, currency: 'USD' };
  insert('reservations', {
    decision_id: id,
    state: 'settled',
    created_at_ms: atMs,
    expires_at_ms: atMs + DAY_MS,
    settled_at_ms: endMs,
    replica: 'replica-1',
    slot_ms: 0,
    ...amounts,
  });
  const day = new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
  const part = { decision_id: id, account: '', window_key: day };
  insert('reservation_parts', {
    ...part,
    budget: `${team}-day`,
    unit: 'bytes',
    amount: bytes,
    exchange_micros: null,
    settled_amount: bytes,
  });
  insert('reservation_parts', {
    ...part,
    budget: `${team}-month`,
    unit: 'BRL',
    amount: cost * 5n,
    exchange_micros: 5_400_000,
    settled_amount: cost * 5n,
  });
  insert('settlements', {
    decision_id: id,
    version: 1,
    at_ms: endMs,
    job_id: `${PROJECT}:US.guardrail_${id}`,
    bytes_processed: bytes,
    free_bytes: 0,
    cache_hit: cacheHit ? 1 : 0,
    slot_ms: 12_000,
    duration_ms: 900,
    error_reason: null,
    source: 'response',
    ...amounts,
    ...(cacheHit ? { bytes_billed: 0, cost_micros: 0 } : {}),
  });
  insert('journal', {
    kind: 'settlement',
    id: `${id}/1`,
    at_ms: atMs,
    hash: digest(`${id}/1`),
    seal: i >> 6,
  });
}

/** Spreads numbers evenly enough, the same each time. */
function spread(i: number, count: number): number {
  return Math.abs(Math.imul(i + 1, 2_654_435_761)) % count;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A card's SQL of some 800 characters, as Metabase's query builder writes it. */
function sqlOf(card: number): string {
  const from = `\`${PROJECT}.atendimento.messages\``;
  const columns = COLUMNS.map((column) => `${from}.\`${column}\` AS \`${column}_${card}\``);
  return `SELECT ${columns.join(',\n  ')}\nFROM ${from}\nWHERE DATE(created_at) >= DATE '2026-11-01' AND channel = 'chat-${card}'\nLIMIT 2000`;
}

function detailsOf(tables: readonly string[], atMs: number): string {
  const references = tables.map((tableId) => ({ projectId: PROJECT, datasetId: 'atendimento', tableId }));
  const uses = references.map((table) => ({
    table,
    star: false,
    projected: COLUMNS,
    filtered: ['created_at', 'channel'],
    joined: [],
    grouped: [],
  }));
  return JSON.stringify({
    reading: {
      reader: 'polyglot',
      unreadReason: null,
      statement: 'SELECT',
      tables: uses,
      star: false,
      limit: 2000,
      joinsWithoutCondition: 0,
      subqueries: 0,
      functions: [],
      antiPatterns: [],
    },
    estimate: {
      principal: `metabase-atendimento@${PROJECT}.iam.gserviceaccount.com`,
      statementType: 'SELECT',
      location: 'US',
      accuracy: 'PRECISE',
      referencedTables: references,
      madeAtMs: atMs,
    },
    estimateCached: false,
    hits: [],
    overheadMs: 12.5,
    sqlRetention: 'stored',
  });
}

import type { Selectable } from 'kysely';
import type { LedgerSchema } from '../../../src/ledger/schema.ts';
import { type FilledQuery, fingerprintOf, PROJECT } from './query.ts';

type Row<Table extends keyof LedgerSchema> = Selectable<LedgerSchema[Table]>;

const DAY_MS = 86_400_000;
const RAN_MS = 900;
const COLUMNS = [
  'ticket_id',
  'created_at',
  'sender',
  'channel',
  'first_answer_minutes',
  'agent_id',
  'priority',
];

/** A decision's row. @param keepsSql else its SQL is empty, as where a policy drops it */
export function decisionRow(query: FilledQuery, keepsSql: boolean): Row<'decisions'> {
  const { id, atMs, card, team, bytes, cost, refused } = query;
  return {
    id,
    at_ms: BigInt(atMs),
    project_id: PROJECT,
    team,
    principal: `metabase-${team}@${PROJECT}.iam.gserviceaccount.com`,
    tool: 'metabase',
    person: query.person,
    dashboard: String(query.dashboard),
    card: String(card),
    sql: keepsSql ? sqlOf(query) : '',
    fingerprint: fingerprintOf(card),
    outcome: refused ? 'refused' : 'admitted',
    cause: refused ? 'mensagens-sem-particao' : null,
    estimated_bytes_processed: bytes,
    estimated_bytes_billed: bytes,
    estimated_cost_micros: cost,
    estimated_currency: query.currency,
    maximum_bytes_billed: refused ? null : bytes,
    details: JSON.stringify(detailsOf(query)),
  };
}

/** The names of its tables, in full. */
export function tableNames({ tables }: FilledQuery): readonly string[] {
  return tables.map((name) => `${PROJECT}.atendimento.${name}`);
}

export function reservationRow(query: FilledQuery): Row<'reservations'> {
  const { id, atMs, bytes, cost, currency } = query;
  return {
    decision_id: id,
    state: 'settled',
    created_at_ms: BigInt(atMs),
    expires_at_ms: BigInt(atMs + DAY_MS),
    settled_at_ms: BigInt(atMs + RAN_MS),
    bytes_billed: bytes,
    cost_micros: cost,
    currency,
    replica: 'replica-1',
    slot_ms: 0n,
  };
}

/** What it holds in two budgets of its team. */
export function partRows({ id, atMs, team, bytes, cost }: FilledQuery): readonly Row<'reservation_parts'>[] {
  const part = {
    decision_id: id,
    account: '',
    window_key: new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length),
    exchange_micros: null,
  };
  return [
    { ...part, budget: `${team}-day`, unit: 'bytes', amount: bytes, settled_amount: bytes },
    { ...part, budget: `${team}-month`, unit: 'USD', amount: cost, settled_amount: cost },
  ];
}

/** What it came to, and the correction of that if there is one. */
export function settlementRows(query: FilledQuery): readonly Row<'settlements'>[] {
  const { id, atMs, bytes, cost, currency, cacheHit, corrected } = query;
  const settled: Row<'settlements'> = {
    decision_id: id,
    version: 1n,
    at_ms: BigInt(atMs + RAN_MS),
    job_id: `${PROJECT}:US.guardrail_${id}`,
    bytes_processed: bytes,
    bytes_billed: cacheHit ? 0n : bytes,
    free_bytes: 0n,
    cost_micros: cacheHit ? 0n : cost,
    currency,
    cache_hit: cacheHit ? 1n : 0n,
    slot_ms: 12_000n,
    duration_ms: BigInt(RAN_MS),
    error_reason: null,
    source: 'response',
    paid_by: null,
    price_micros: null,
  };
  if (!corrected) return [settled];
  const correction = { version: 2n, at_ms: BigInt(atMs + DAY_MS), source: 'reconciled' };
  return [settled, { ...settled, ...correction, bytes_billed: bytes + 1n, cost_micros: cost + 1n }];
}

/** What a refusal offers: the query of the next card. */
export function rewriteRow({ id, card }: FilledQuery): Row<'rewrites'> {
  return { decision_id: id, position: 0n, fingerprint: fingerprintOf(card + 1), content: '{}' };
}

/** A card's SQL of some 800 characters, as Metabase's query builder writes it. */
function sqlOf({ card, tables }: FilledQuery): string {
  const from = `\`${PROJECT}.atendimento.${tables[0]}\``;
  const columns = COLUMNS.map((column) => `${from}.\`${column}\` AS \`${column}_${card}\``);
  return `SELECT ${columns.join(',\n  ')}\nFROM ${from}\nWHERE DATE(created_at) >= DATE '2026-11-01' AND channel = 'chat-${card}'\nLIMIT 2000`;
}

function detailsOf({ tables, atMs, refused }: FilledQuery) {
  const references = tables.map((tableId) => ({ projectId: PROJECT, datasetId: 'atendimento', tableId }));
  const uses = references.map((table) => ({
    table,
    star: false,
    projected: COLUMNS,
    filtered: ['created_at', 'channel'],
    joined: [],
    grouped: [],
  }));
  const hit = {
    rule: 'mensagens-sem-particao',
    mode: 'deny',
    message: 'Filter by created_at.',
    source: { file: 'rules.yaml', line: 7, column: 5 },
  };
  return {
    sqlRetention: 'stored',
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
    hits: refused ? [hit] : [],
    overheadMs: 12.5,
  };
}

import type { Ledger } from '../../../src/ledger/ledger.ts';
import { enterDecisions, enterSettlements } from '../../../src/records/enter.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { applyRetention } from '../../../src/sql/tokens/sql-retention.ts';
import { GIB } from '../../../src/vocabulary/bytes.ts';
import type { Decision, Settlement } from '../../../src/vocabulary/decision.ts';
import type { EstimateAccuracy } from '../../../src/vocabulary/estimate.ts';
import type { RuleHit, SqlRetention } from '../../../src/vocabulary/policy.ts';
import { decision, settlement } from '../../records/builders.ts';

export const PROJECT = 'guardrail-demo';
const DAYS = 30;
export const DAY_MS = 86_400_000;
export const FIRST_MS = Date.UTC(2026, 10, 1);
const ATENDIMENTO = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';
const FINOPS = 'metabase-finops@guardrail-demo.iam.gserviceaccount.com';
/** One US cent per GiB. */
const MICROS_PER_GIB = 10_000n;

/** A query as it was once sent, to be entered as a record. */
export interface PastQuery {
  readonly atMs: number;
  readonly sql: string;
  readonly person: string | null;
  readonly dashboard?: string;
  readonly principal?: string;
  readonly team?: string;
  readonly gib: bigint;
  /** How exact the estimate was; `PRECISE` by default. */
  readonly accuracy?: EstimateAccuracy;
  /** What it was billed, by default what it was estimated at; null if it has not ended. */
  readonly billedGib?: bigint | null;
  readonly hits?: readonly RuleHit[];
  /** The rule or budget that refused it. */
  readonly refusedBy?: string;
  readonly retention?: SqlRetention;
}

const STAR = 'SELECT * FROM atendimento.messages';
const CAREFUL = "SELECT sender FROM atendimento.messages WHERE created_at >= '2026-11-01'";
const LEGACY = 'SELECT body FROM legacy_messages_export';
const PAYMENTS = 'SELECT amount FROM finops.payments';

export function hit(rule: string, mode: RuleHit['mode']): RuleHit {
  return { rule, mode, message: '', source: { file: 'policies/old.yaml', line: 1, column: 1 } };
}

/**
 * Each day, person 12 reads all messages twice, the second time from the cache; person 13 reads a few, and a legacy
 * table; FinOps is refused its payments by an old rule, and tries again.
 */
export function day(index: number): readonly PastQuery[] {
  const at = (hour: number) => FIRST_MS + index * DAY_MS + hour * 3_600_000;
  const refused = { sql: PAYMENTS, person: null, principal: FINOPS, team: 'finops', gib: 3n };
  const byOldRule = { refusedBy: 'old-rule', hits: [hit('old-rule', 'deny')] };
  return [
    { atMs: at(12), sql: STAR, person: '12', dashboard: '1', gib: 4n },
    { atMs: at(13), sql: `${STAR} LIMIT ${index}`, person: '12', dashboard: '1', gib: 4n, billedGib: 0n },
    {
      atMs: at(14),
      sql: CAREFUL,
      person: '13',
      dashboard: '2',
      gib: 1n,
      hits: [hit('legacy-table', 'audit')],
    },
    { atMs: at(15), sql: LEGACY, person: '13', gib: 2n, hits: [hit('legacy-table', 'audit')] },
    { atMs: at(16), ...refused, ...byOldRule },
    { atMs: at(17), ...refused, ...byOldRule },
  ];
}

/** The queries of a month of such days. */
export const month: readonly PastQuery[] = Array.from({ length: DAYS }, (_, index) => day(index)).flat();

/** Enters queries into the ledger as guardrail does: a decision for each, and its settlement. */
export async function fill(ledger: Ledger, queries: readonly PastQuery[]): Promise<void> {
  const decisions = queries.map(decisionOf);
  await ledger.write(async (db) => {
    await enterDecisions(db, decisions);
    await enterSettlements(
      db,
      queries
        .flatMap((one, index) => settlementOf(one, index))
        .map((each) => ({ settlement: each, version: 1n, admittedAtMs: each.atMs, tariff: null })),
    );
  });
}

const nameOf = (index: number) => `decision-${String(index).padStart(5, '0')}`;

function decisionOf(query: PastQuery, index: number): Decision {
  const { principal = ATENDIMENTO, team = 'atendimento', retention = 'stored', gib } = query;
  const builder = decision();
  return {
    ...builder,
    id: nameOf(index),
    atMs: query.atMs,
    caller: {
      principal,
      team,
      tool: 'metabase',
      person: query.person,
      dashboard: query.dashboard ?? null,
      card: null,
    },
    sql: applyRetention(query.sql, retention),
    sqlRetention: retention,
    reading: readSql(query.sql, { projectId: PROJECT, defaultDataset: { datasetId: 'atendimento' } }),
    estimate: builder.estimate && {
      ...builder.estimate,
      accuracy: query.accuracy ?? 'PRECISE',
      bytesProcessed: gib * GIB,
      bytesBilled: gib * GIB,
      referencedTables: [],
    },
    estimatedCost: { currency: 'USD', micros: gib * MICROS_PER_GIB },
    outcome: query.refusedBy === undefined ? 'admitted' : 'refused',
    cause: query.refusedBy ?? null,
    hits: query.hits ?? [],
  };
}

function settlementOf(query: PastQuery, index: number): readonly Settlement[] {
  const billed = query.billedGib === undefined ? query.gib : query.billedGib;
  if (query.refusedBy !== undefined || billed === null) return [];
  const bytes = billed * GIB;
  return [
    settlement({
      decisionId: nameOf(index),
      atMs: query.atMs + 1_000,
      jobId: `${PROJECT}:US.job-${index}`,
      bytesProcessed: bytes,
      bytesBilled: bytes,
      cost: { currency: 'USD', micros: billed * MICROS_PER_GIB },
      cacheHit: billed === 0n,
    }),
  ];
}

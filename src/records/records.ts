import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import { tableName } from '../vocabulary/table.ts';
import type { DecisionRecord } from './decision-record.ts';
import { decisionFrom, rowOfDecision, rowOfSettlement, settlementFrom } from './rows.ts';
import { spendBy } from './spend-by.ts';
import type { SpendQuery, SpendRow } from './spend-query.ts';

export type { DecisionRecord } from './decision-record.ts';
export type { SpendQuery, SpendRow } from './spend-query.ts';

export interface DecisionsQuery {
  /** At most so many. */
  readonly limit: number;
  readonly team?: string;
  /** Only those before this instant. */
  readonly beforeMs?: number;
}

/** The books: what was decided on every query, and what each came to. Nothing in them is ever changed. */
export interface Records {
  /**
   * Durable when it resolves. A decision that is already there stays as it is.
   * @throws LedgerError where an amount is out of range, or nothing could be written
   */
  record(decision: Decision): Promise<void>;
  /**
   * Durable when it resolves. The first settlement of a decision stands; one that was only assumed gives way to one
   * that is known, and is kept behind it. Its decision may be recorded later. A job that another decision has settled
   * is one that a client sent again: it is recorded as `repeated`, at nothing.
   * @returns the settlement as it is recorded
   * @throws LedgerError where an amount is out of range, or nothing could be written
   */
  recordSettlement(settlement: Settlement): Promise<Settlement>;
  /** Newest first. */
  list(query: DecisionsQuery): Promise<readonly DecisionRecord[]>;
  get(id: string): Promise<DecisionRecord | null>;
  spendBy(query: SpendQuery): Promise<readonly SpendRow[]>;
}

/** Records kept in the ledger. */
export function createRecords({ ledger }: { readonly ledger: Ledger }): Records {
  return {
    record: (decision) => ledger.write((db) => insertDecision(db, decision)),
    recordSettlement: (settlement) => ledger.write((db) => insertSettlement(db, settlement)),
    list: (query) => listRecords(ledger.read, query),
    get: (id) => getRecord(ledger.read, id),
    spendBy: (query) => spendBy(ledger.read, query),
  };
}

async function insertDecision(db: LedgerTransaction, decision: Decision): Promise<void> {
  const inserted = await db
    .insertInto('decisions')
    .values(rowOfDecision(decision))
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  const tables = new Set(decision.estimate?.referencedTables.map(tableName));
  if (inserted === undefined || tables.size === 0) return;
  await db
    .insertInto('decision_tables')
    .values([...tables].map((table_name) => ({ decision_id: decision.id, table_name })))
    .execute();
}

async function insertSettlement(db: LedgerTransaction, settlement: Settlement): Promise<Settlement> {
  const recorded = (await isPaidFor(db, settlement)) ? repeated(settlement) : settlement;
  await db
    .insertInto('settlements')
    .values(rowOfSettlement(recorded))
    .onConflict((on) => on.doNothing())
    .execute();
  return recorded;
}

/** Whether another decision has settled the same job. */
async function isPaidFor(db: LedgerTransaction, { jobId, decisionId }: Settlement): Promise<boolean> {
  if (jobId === null) return false;
  const other = await db
    .selectFrom('settlements')
    .select('decision_id')
    .where('job_id', '=', jobId)
    .where('decision_id', '!=', decisionId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

function repeated(settlement: Settlement): Settlement {
  const cost = { ...settlement.cost, micros: 0n };
  return { ...settlement, bytesProcessed: 0n, bytesBilled: 0n, cost, slotMs: 0, source: 'repeated' };
}

async function listRecords(
  db: LedgerReader,
  { limit, team, beforeMs }: DecisionsQuery,
): Promise<readonly DecisionRecord[]> {
  // IDs settle the order of decisions of one millisecond.
  let query = db
    .selectFrom('decisions')
    .selectAll()
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (team !== undefined) query = query.where('team', '=', team);
  if (beforeMs !== undefined) query = query.where('at_ms', '<', BigInt(beforeMs));
  return withSettlements(db, (await query.execute()).map(decisionFrom));
}

async function getRecord(db: LedgerReader, id: string): Promise<DecisionRecord | null> {
  const row = await db.selectFrom('decisions').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const [record] = await withSettlements(db, [decisionFrom(row)]);
  return record ?? null;
}

async function withSettlements(
  db: LedgerReader,
  decisions: readonly Decision[],
): Promise<readonly DecisionRecord[]> {
  if (decisions.length === 0) return [];
  const ids = decisions.map(({ id }) => id);
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', ids)
    .orderBy('assumed', 'desc')
    .execute();
  // What is known comes after what was assumed, and takes its place.
  const byDecision = new Map(rows.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((decision) => ({ ...decision, settlement: byDecision.get(decision.id) ?? null }));
}

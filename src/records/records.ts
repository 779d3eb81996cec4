import type { Ledger, LedgerReader } from '../ledger/ledger.ts';
import type { Decision } from '../vocabulary/decision.ts';
import { type ChainHead, chainHead } from './chain.ts';
import type { DecisionRecord } from './decision-record.ts';
import { decisionFrom, settlementFrom } from './rows.ts';
import { spendBy } from './spend-by.ts';
import type { SpendQuery, SpendRow } from './spend-query.ts';
import { type ReadSpan, type TableReads, tableReads } from './table-reads.ts';
import { type RecordsReach, recordsReach } from './table-uses.ts';

export type { DecisionRecord } from './decision-record.ts';
export type { SpendQuery, SpendRow } from './spend-query.ts';

export interface DecisionsQuery {
  /** At most so many. */
  readonly limit: number;
  readonly team?: string;
  /** Only those before this instant. */
  readonly beforeMs?: number;
}

/** What was decided on every query, and what each came to, for reading. It is written by the books. */
export interface Records {
  /** Newest first. */
  list(query: DecisionsQuery): Promise<readonly DecisionRecord[]>;
  get(id: string): Promise<DecisionRecord | null>;
  spendBy(query: SpendQuery): Promise<readonly SpendRow[]>;
  /** Who read each table in a time, and which of its columns. */
  tableReads(span: ReadSpan): Promise<ReadonlyMap<string, TableReads>>;
  /** How far back records go. */
  reach(): Promise<RecordsReach>;
  /** The end of the chain that seals the records; null before anything was sealed. */
  head(): Promise<ChainHead | null>;
}

/** Records kept in the ledger. */
export function createRecords({ ledger }: { readonly ledger: Pick<Ledger, 'read'> }): Records {
  return {
    list: (query) => listRecords(ledger.read, query),
    get: (id) => getRecord(ledger.read, id),
    spendBy: (query) => spendBy(ledger.read, query),
    tableReads: (span) => tableReads(ledger.read, span),
    reach: () => recordsReach(ledger.read),
    head: () => chainHead(ledger.read),
  };
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
    .orderBy('version')
    .execute();
  // Of a decision's settlements the last version stands.
  const byDecision = new Map(rows.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((decision) => ({ ...decision, settlement: byDecision.get(decision.id) ?? null }));
}

import type { Ledger, LedgerReader } from '../ledger/ledger.ts';
import type { TableReads } from '../vocabulary/table-reads.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import type { DecisionRecord } from './decisions/decision-record.ts';
import type { DecisionFilter } from './decisions/find-decisions.ts';
import { listDecisions } from './decisions/list-decisions.ts';
import { withSettlements } from './decisions/with-settlements.ts';
import { type ChainHead, chainHead } from './journal/chain.ts';
import { type RecordsSpan, recordsSpan } from './records-span.ts';
import { decisionFrom } from './rows.ts';
import { spendBy } from './spend/spend-by.ts';
import type { SpendQuery, SpendRow } from './spend/spend-query.ts';
import { tableReads } from './uses/table-reads.ts';

/** Every decision, and what its query came to, for reading. The books write it. */
export interface Records {
  /** Newest first. */
  list(filter: DecisionFilter): Promise<readonly DecisionRecord[]>;
  get(id: string): Promise<DecisionRecord | null>;
  spendBy(query: SpendQuery): Promise<readonly SpendRow[]>;
  /** Who read each table in a time span, and which of its columns. */
  tableReads(span: TimeSpan): Promise<ReadonlyMap<string, TableReads>>;
  /** How far back records go. */
  recordsSpan(): Promise<RecordsSpan>;
  /** The head of the chain that seals the records; null if nothing is sealed yet. */
  chainHead(): Promise<ChainHead | null>;
}

/** Records kept in the ledger. */
export function createRecords({ ledger }: { readonly ledger: Pick<Ledger, 'read'> }): Records {
  return {
    list: (filter) => listDecisions(ledger.read, filter),
    get: (id) => getRecord(ledger.read, id),
    spendBy: (query) => spendBy(ledger.read, query),
    tableReads: (span) => tableReads(ledger.read, span),
    recordsSpan: () => recordsSpan(ledger.read),
    chainHead: () => chainHead(ledger.read),
  };
}

async function getRecord(db: LedgerReader, id: string): Promise<DecisionRecord | null> {
  const row = await db.selectFrom('decisions').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const [record] = await withSettlements(db, [decisionFrom(row)]);
  return record ?? null;
}

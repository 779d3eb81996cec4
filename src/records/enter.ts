import { sql } from 'kysely';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { settledTariff } from '../ledger/settled-tariff.ts';
import { createInsert } from '../ledger/statements/insert.ts';
import { createListQuery } from '../ledger/statements/list-query.ts';
import type { Decision, Settlement, SettlementSource } from '../vocabulary/decision.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import { tableName } from '../vocabulary/table.ts';
import { enterInJournal } from './journal/journal.ts';
import { rowOfDecision, rowOfSettlement, settlementFrom } from './rows.ts';

/** One version of a decision's settlement. The highest version stands. */
export interface VersionedSettlement {
  readonly settlement: Settlement;
  readonly version: bigint;
  /** When its query was admitted. */
  readonly admittedAtMs: number;
  /** How it was priced; null if it was entered at a known cost, or before tariffs were kept. */
  readonly tariff: Tariff | null;
}

const insertDecisions = createInsert('decisions', (insert) =>
  insert.onConflict((on) => on.doNothing()).returning('id'),
);
const insertTables = createInsert('decision_tables', (insert) => insert);
const insertSettlements = createInsert('settlements', (insert) => insert);

const readSettlements = createListQuery((db: LedgerTransaction, decisionIds) =>
  db.selectFrom('settlements').selectAll().where('decision_id', 'in', decisionIds).orderBy('version'),
);

const readPayers = createListQuery((db: LedgerTransaction, jobIds) =>
  db
    .selectFrom('settlements')
    .select(['job_id', 'decision_id'])
    .where('job_id', 'in', jobIds)
    .where('source', '<>', sql.lit<SettlementSource>('repeated')),
);

/**
 * Enters decisions with the tables that they read. An existing decision is left as it is.
 * @throws LedgerError if an amount is out of range
 */
export async function enterDecisions(db: LedgerTransaction, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  const rows = decisions.map(rowOfDecision);
  const inserted = await insertDecisions(db, rows);
  const isNew = new Set(inserted.map(({ id }) => id));
  const entries = decisions.flatMap((decision, i) => {
    const row = rows[i];
    if (row === undefined || !isNew.has(decision.id)) return [];
    const tables = [...new Set(decision.estimate?.referencedTables.map(tableName))];
    return [{ kind: 'decision' as const, row, tables }];
  });
  const tables = entries.flatMap((entry) =>
    entry.tables.map((table_name) => ({ decision_id: entry.row.id, table_name })),
  );
  await insertTables(db, tables);
  await enterInJournal(db, entries);
}

/**
 * Enters settlements, each in a version that its decision does not have yet.
 * @throws LedgerError if an amount is out of range
 */
export async function enterSettlements(
  db: LedgerTransaction,
  settlements: readonly VersionedSettlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  const entries = settlements.map(({ settlement, version, admittedAtMs, tariff }) => ({
    kind: 'settlement' as const,
    row: rowOfSettlement(settlement, version, tariff),
    decisionAtMs: BigInt(admittedAtMs),
  }));
  await insertSettlements(
    db,
    entries.map(({ row }) => row),
  );
  await enterInJournal(db, entries);
}

/** The settlement that stands, for each decision that has one. */
export async function latestSettlements(
  db: LedgerTransaction,
  admissions: readonly { readonly decisionId: string; readonly admittedAtMs: number }[],
): Promise<ReadonlyMap<string, VersionedSettlement>> {
  const admittedAtMs = new Map(admissions.map((admission) => [admission.decisionId, admission.admittedAtMs]));
  const rows = await readSettlements(db, [...admittedAtMs.keys()]);
  return new Map(
    rows.map((row) => [
      row.decision_id,
      {
        settlement: settlementFrom(row),
        version: row.version,
        admittedAtMs: admittedAtMs.get(row.decision_id) ?? 0,
        tariff: settledTariff(row),
      },
    ]),
  );
}

/** Which decisions paid for each job: a client that repeats a request gets the same job again. */
export async function payersOfJobs(
  db: LedgerTransaction,
  settlements: readonly { readonly jobId: string | null }[],
): Promise<Map<string, Set<string>>> {
  const jobIds = new Set(settlements.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])));
  const payers = new Map([...jobIds].map((jobId) => [jobId, new Set<string>()]));
  if (jobIds.size === 0) return payers;
  const rows = await readPayers(db, [...jobIds]);
  for (const { job_id, decision_id } of rows) payers.get(job_id ?? '')?.add(decision_id);
  return payers;
}

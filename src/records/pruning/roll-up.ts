import { createDateOf } from '../../foundation/calendar/days.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import { didRun } from '../did-run.ts';
import { digestOf } from '../journal/digest.ts';
import { type DeletedQueries, deleteQueries } from './delete-queries.ts';
import { addToSums, type DailySums, type SpendSum, type TableSpendSum } from './sums.ts';

const DAY_MS = 86_400_000n;

/**
 * Deletes queries from the books and keeps their sums by day.
 * @param timeZone that of reports' days: a month that is closed stays as it was reported
 * @returns false if one of them is not settled yet; nothing happens then
 */
export async function rollUpQueries(
  db: LedgerTransaction,
  ids: readonly string[],
  timeZone: string,
): Promise<boolean> {
  const deleted = await deleteQueries(db, ids);
  if (deleted === null) return false;
  await addToSums(db, sumByDay(deleted, timeZone));
  return true;
}

/** Sums up deleted queries by everything that spend can be asked by. */
function sumByDay({ decisions, tables, settlements }: DeletedQueries, timeZone: string): DailySums {
  const decisionOf = new Map(decisions.map((decision) => [decision.id, decision]));
  const tablesOf = Map.groupBy(tables, ({ decision_id }) => decision_id);
  const dateOf = createDateOf(timeZone);
  const spend = new Map<string, SpendSum>();
  const tableSpend = new Map<string, TableSpendSum>();
  for (const [id, versions] of Map.groupBy(settlements, ({ decision_id }) => decision_id)) {
    const decision = decisionOf.get(id);
    const settlement = versions.reduce((a, b) => (b.version > a.version ? b : a));
    if (!didRun({ source: settlement.source, jobId: settlement.job_id })) continue;
    const atMs = decision?.at_ms ?? firstAtMs(versions);
    const day = { day: dateOf(Number(atMs)), day_starts_at_ms: atMs - (atMs % DAY_MS) };
    addSpend(spend, { ...day, ...keysOf(decision), ...amountsOf(settlement) });
    const read = tablesOf.get(id)?.map(({ table_name }) => table_name) ?? [''];
    const shared = read.length > 1 ? 1n : 0n;
    for (const table_name of read) {
      addTableSpend(tableSpend, {
        ...day,
        table_name,
        team: decision?.team ?? '',
        ...amountsOf(settlement),
        shared_queries: shared,
        shared_bytes_billed: shared * settlement.bytes_billed,
        shared_cost_micros: shared * settlement.cost_micros,
      });
    }
  }
  return { spend: [...spend.values()], tableSpend: [...tableSpend.values()] };
}

/** A query that was never recorded belongs to nobody and is dated by its first settlement, even if the clock was set back. */
function firstAtMs(versions: DeletedQueries['settlements']): bigint {
  return versions.reduce((a, b) => (b.version < a.version ? b : a)).at_ms;
}

function keysOf(decision: DeletedQueries['decisions'][number] | undefined) {
  return {
    project_id: decision?.project_id ?? '',
    team: decision?.team ?? '',
    principal: decision?.principal ?? '',
    tool: decision?.tool ?? '',
    person: decision?.person ?? '',
    dashboard: decision?.dashboard ?? '',
    card: decision?.card ?? '',
    fingerprint: decision?.fingerprint ?? '',
  };
}

function amountsOf(settlement: DeletedQueries['settlements'][number]) {
  return {
    currency: settlement.currency,
    queries: 1n,
    bytes_billed: settlement.bytes_billed,
    free_bytes: settlement.free_bytes,
    cost_micros: settlement.cost_micros,
    slot_ms: settlement.slot_ms ?? 0n,
  };
}

function addSpend(sums: Map<string, SpendSum>, row: Omit<SpendSum, 'key_hash'>): void {
  const { queries: _q, bytes_billed: _b, free_bytes: _f, cost_micros: _c, slot_ms: _s, ...key } = row;
  const key_hash = digestOf(Object.values(key).map(String));
  const before = sums.get(key_hash);
  sums.set(key_hash, { ...row, ...(before === undefined ? {} : sumOf(before, row)), key_hash });
}

function addTableSpend(sums: Map<string, TableSpendSum>, row: Omit<TableSpendSum, 'key_hash'>): void {
  const key_hash = digestOf([row.day, row.table_name, row.team, row.currency]);
  const before = sums.get(key_hash);
  if (before === undefined) sums.set(key_hash, { ...row, key_hash });
  else {
    sums.set(key_hash, {
      ...before,
      ...sumOf(before, row),
      shared_queries: before.shared_queries + row.shared_queries,
      shared_bytes_billed: before.shared_bytes_billed + row.shared_bytes_billed,
      shared_cost_micros: before.shared_cost_micros + row.shared_cost_micros,
    });
  }
}

type Amounts = Pick<SpendSum, 'queries' | 'bytes_billed' | 'free_bytes' | 'cost_micros' | 'slot_ms'>;

function sumOf(a: Amounts, b: Amounts): Amounts {
  return {
    queries: a.queries + b.queries,
    bytes_billed: a.bytes_billed + b.bytes_billed,
    free_bytes: a.free_bytes + b.free_bytes,
    cost_micros: a.cost_micros + b.cost_micros,
    slot_ms: a.slot_ms + b.slot_ms,
  };
}

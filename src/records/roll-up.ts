import type { Insertable, Selectable } from 'kysely';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { stands } from './stands.ts';

type SpendByDay = Insertable<LedgerSchema['spend_by_day']>;
type TableSpendByDay = Insertable<LedgerSchema['table_spend_by_day']>;

/** What decisions came to, as sums of one day. */
export interface RolledUp {
  readonly spend: readonly SpendByDay[];
  readonly tableSpend: readonly TableSpendByDay[];
}

/** Sums up what decisions of one day came to, by all that spend is asked by. */
export async function rollUp(
  db: LedgerTransaction,
  decisionIds: readonly string[],
  { day, startMs }: { readonly day: string; readonly startMs: number },
): Promise<RolledUp> {
  const rows = await settledRows(db, decisionIds);
  const tables = await db
    .selectFrom('decision_tables')
    .selectAll()
    .where('decision_id', 'in', [...decisionIds])
    .execute();
  const tablesOf = Map.groupBy(tables, ({ decision_id }) => decision_id);
  const spend = new Map<string, SpendByDay>();
  const tableSpend = new Map<string, TableSpendByDay>();
  for (const row of rows) {
    const of = { day, day_starts_at_ms: BigInt(startMs) };
    addSpend(spend, { ...of, ...spendOf(row) });
    const read = tablesOf.get(row.id)?.map(({ table_name }) => table_name) ?? [''];
    for (const table_name of read) {
      const shared = read.length > 1 ? 1n : 0n;
      addTableSpend(tableSpend, {
        ...of,
        table_name,
        team: row.team,
        currency: row.currency,
        ...amountsOf(row),
        shared_queries: shared,
        shared_bytes_billed: shared * row.bytes_billed,
        shared_cost_micros: shared * row.cost_micros,
      });
    }
  }
  return { spend: [...spend.values()], tableSpend: [...tableSpend.values()] };
}

/** What settlements came to whose decisions were never recorded: of nobody, by when they were settled. */
export function rollUpUnrecorded(
  settlements: readonly Selectable<LedgerSchema['settlements']>[],
  dayOf: (atMs: number) => { readonly day: string; readonly startMs: number },
): RolledUp {
  const spend = settlements.map((row): SpendByDay => {
    const { day, startMs } = dayOf(Number(row.at_ms));
    const nobody = { project_id: '', team: '', principal: '', tool: '', person: '', dashboard: '', card: '' };
    return {
      day,
      day_starts_at_ms: BigInt(startMs),
      ...nobody,
      fingerprint: '',
      currency: row.currency,
      ...amountsOf(row),
    };
  });
  const tableSpend = spend.map(
    ({ day, day_starts_at_ms, team, currency, queries, bytes_billed, free_bytes, cost_micros, slot_ms }) => ({
      day,
      day_starts_at_ms,
      table_name: '',
      team,
      currency,
      ...{ queries, bytes_billed, free_bytes, cost_micros, slot_ms },
      shared_queries: 0n,
      shared_bytes_billed: 0n,
      shared_cost_micros: 0n,
    }),
  );
  return { spend, tableSpend };
}

function settledRows(db: LedgerTransaction, decisionIds: readonly string[]) {
  return db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select([
      'decisions.id',
      'decisions.project_id',
      'decisions.team',
      'decisions.principal',
      'decisions.tool',
      'decisions.person',
      'decisions.dashboard',
      'decisions.card',
      'decisions.fingerprint',
      'settlements.currency',
      'settlements.bytes_billed',
      'settlements.free_bytes',
      'settlements.cost_micros',
      'settlements.slot_ms',
    ])
    .where('decisions.id', 'in', [...decisionIds])
    .where(stands)
    .execute();
}

type SettledRow = Awaited<ReturnType<typeof settledRows>>[number];

function spendOf(row: SettledRow) {
  return {
    project_id: row.project_id,
    team: row.team,
    principal: row.principal ?? '',
    tool: row.tool ?? '',
    person: row.person ?? '',
    dashboard: row.dashboard ?? '',
    card: row.card ?? '',
    fingerprint: row.fingerprint,
    currency: row.currency,
    ...amountsOf(row),
  };
}

function amountsOf(row: Pick<SettledRow, 'bytes_billed' | 'free_bytes' | 'cost_micros' | 'slot_ms'>) {
  return {
    queries: 1n,
    bytes_billed: row.bytes_billed,
    free_bytes: row.free_bytes,
    cost_micros: row.cost_micros,
    slot_ms: row.slot_ms ?? 0n,
  };
}

function addSpend(sums: Map<string, SpendByDay>, row: SpendByDay): void {
  const { queries: _q, bytes_billed: _b, free_bytes: _f, cost_micros: _c, slot_ms: _s, ...key } = row;
  const id = JSON.stringify(Object.values(key).map(String));
  const before = sums.get(id);
  sums.set(id, before === undefined ? row : { ...row, ...sumOf(before, row) });
}

function addTableSpend(sums: Map<string, TableSpendByDay>, row: TableSpendByDay): void {
  const id = JSON.stringify([row.table_name, row.team, row.currency]);
  const before = sums.get(id);
  if (before === undefined) sums.set(id, row);
  else {
    sums.set(id, {
      ...row,
      ...sumOf(before, row),
      shared_queries: before.shared_queries + row.shared_queries,
      shared_bytes_billed: before.shared_bytes_billed + row.shared_bytes_billed,
      shared_cost_micros: before.shared_cost_micros + row.shared_cost_micros,
    });
  }
}

type Amounts = Pick<SpendByDay, 'queries' | 'bytes_billed' | 'free_bytes' | 'cost_micros' | 'slot_ms'>;

function sumOf(a: Amounts, b: Amounts): Amounts {
  return {
    queries: a.queries + b.queries,
    bytes_billed: a.bytes_billed + b.bytes_billed,
    free_bytes: a.free_bytes + b.free_bytes,
    cost_micros: a.cost_micros + b.cost_micros,
    slot_ms: a.slot_ms + b.slot_ms,
  };
}

import { type Selectable, sql } from 'kysely';
import { compare } from '../../foundation/lists/compare.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { createInsert } from '../../ledger/statements/insert.ts';

/** A day's sums for one team, person, card and so on. */
export type SpendSum = Selectable<LedgerSchema['spend_by_day']>;
/** A day's sums for one team and one table; a query over several tables counts in full for each. */
export type TableSpendSum = Selectable<LedgerSchema['table_spend_by_day']>;

/** What queries came to, summed by day. */
export interface DailySums {
  readonly spend: readonly SpendSum[];
  readonly tableSpend: readonly TableSpendSum[];
}

const AMOUNTS = ['queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'] as const;
const SHARED = ['shared_queries', 'shared_bytes_billed', 'shared_cost_micros'] as const;

const addSpend = createInsert('spend_by_day', (insert) =>
  insert.onConflict((on) =>
    on
      .columns(['day', 'key_hash'])
      .where('key_hash', '<>', sql.lit(''))
      .doUpdateSet((eb) =>
        Object.fromEntries(
          AMOUNTS.map((name) => [name, eb(`spend_by_day.${name}`, '+', eb.ref(`excluded.${name}`))]),
        ),
      ),
  ),
);

const addTableSpend = createInsert('table_spend_by_day', (insert) =>
  insert.onConflict((on) =>
    on
      .columns(['day', 'key_hash'])
      .where('key_hash', '<>', sql.lit(''))
      .doUpdateSet((eb) =>
        Object.fromEntries(
          [...AMOUNTS, ...SHARED].map((name) => [
            name,
            eb(`table_spend_by_day.${name}`, '+', eb.ref(`excluded.${name}`)),
          ]),
        ),
      ),
  ),
);

/** Adds to the days' sums. Rows are locked in a fixed order, so that two transactions cannot deadlock. */
export async function addToSums(db: LedgerTransaction, { spend, tableSpend }: DailySums): Promise<void> {
  await addSpend(db, inOrder(spend));
  await addTableSpend(db, inOrder(tableSpend));
}

function inOrder<Row extends { readonly key_hash: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => compare(a.key_hash, b.key_hash));
}

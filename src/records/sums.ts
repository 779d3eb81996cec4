import { type Selectable, sql } from 'kysely';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';

/** What a day's queries of one team, person, card and so on came to. */
export type SpendSum = Selectable<LedgerSchema['spend_by_day']>;
export type TableSpendSum = Selectable<LedgerSchema['table_spend_by_day']>;

/** What queries came to, as sums by day. */
export interface RolledUp {
  readonly spend: readonly SpendSum[];
  readonly tableSpend: readonly TableSpendSum[];
}

const AMOUNTS = ['queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'] as const;
const SHARED = ['shared_queries', 'shared_bytes_billed', 'shared_cost_micros'] as const;

/** Adds to what the days came to before. Rows are locked in one order, so that two at once wait for one another in turn. */
export async function addToSums(db: LedgerTransaction, { spend, tableSpend }: RolledUp): Promise<void> {
  if (spend.length > 0) {
    await db
      .insertInto('spend_by_day')
      .values(inOrder(spend))
      .onConflict((on) =>
        on
          .columns(['day', 'key_hash'])
          .where('key_hash', '<>', sql.lit(''))
          .doUpdateSet((eb) =>
            Object.fromEntries(
              AMOUNTS.map((name) => [name, eb(`spend_by_day.${name}`, '+', eb.ref(`excluded.${name}`))]),
            ),
          ),
      )
      .execute();
  }
  if (tableSpend.length > 0) {
    await db
      .insertInto('table_spend_by_day')
      .values(inOrder(tableSpend))
      .onConflict((on) =>
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
      )
      .execute();
  }
}

function inOrder<Row extends { readonly key_hash: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.key_hash < b.key_hash ? -1 : 1));
}

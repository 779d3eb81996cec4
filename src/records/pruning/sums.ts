import { type Selectable, sql } from 'kysely';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { insertable } from '../../ledger/statements.ts';
import { compare } from '../../lists/compare.ts';

/** What a day's queries of one team, person, card and so on came to. */
export type SpendSum = Selectable<LedgerSchema['spend_by_day']>;
/** What a day's queries of one team over one table came to; of a query over several, each is told the whole amount. */
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
  for (const rows of insertable(inOrder(spend))) {
    await db
      .insertInto('spend_by_day')
      .values(rows)
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
  for (const rows of insertable(inOrder(tableSpend))) {
    await db
      .insertInto('table_spend_by_day')
      .values(rows)
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
  return rows.toSorted((a, b) => compare(a.key_hash, b.key_hash));
}

import {
  CompiledQuery,
  type DialectAdapter,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type Selectable,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import type { LedgerSchema } from '../schema.ts';
import type { LedgerTransaction } from '../writes.ts';
import { insertable } from './limits.ts';

type Builder<Table extends keyof LedgerSchema, Returned> = InsertQueryBuilder<LedgerSchema, Table, Returned>;

/** A row with a value in each of its columns, null where there is none. */
type CompleteRow<Table extends keyof LedgerSchema> = Selectable<LedgerSchema[Table]>;

/** How many statements are kept for each table: one for each number of rows. */
const MAX_STATEMENTS = 200;

/**
 * Makes an insert into one table whose statements Kysely builds only once for each number of rows: with a hundred
 * values, building a statement takes longer than running it.
 * @param finish adds what follows the values, which must bind nothing
 * @returns a function that inserts rows, as many per statement as fit, and returns what the statements return
 */
export function createInsert<Table extends keyof LedgerSchema, Returned>(
  table: Table,
  finish: (insert: Builder<Table, InsertResult>) => Builder<Table, Returned>,
): (db: LedgerTransaction, rows: readonly CompleteRow<Table>[]) => Promise<readonly Returned[]> {
  const byDialect = new WeakMap<DialectAdapter, LRUCache<string, string>>();

  function statementFor(
    db: LedgerTransaction,
    columns: readonly string[],
    rows: readonly CompleteRow<Table>[],
  ): string {
    const { adapter } = db.getExecutor();
    const statements = byDialect.get(adapter) ?? new LRUCache({ max: MAX_STATEMENTS });
    byDialect.set(adapter, statements);
    const key = `${rows.length} ${columns}`;
    const known = statements.get(key);
    if (known !== undefined) return known;
    // What can be read can be inserted, which TypeScript does not see while the table is open.
    const values = rows as unknown as readonly Insertable<LedgerSchema[Table]>[];
    const { sql, parameters } = finish(db.insertInto(table).values(values)).compile();
    if (parameters.length !== rows.length * columns.length) {
      throw new Error(`unreachable: what inserts into ${table} binds other values than those of its rows`);
    }
    statements.set(key, sql);
    return sql;
  }

  return async (db, rows) => {
    const returned: Returned[] = [];
    for (const some of insertable(rows)) {
      const columns = Object.keys(some[0] ?? {});
      const values = some.flatMap((row) => valuesOf(row, columns));
      const statement = statementFor(db, columns, some);
      const result = await db.executeQuery<Returned>(CompiledQuery.raw(statement, values));
      returned.push(...result.rows);
    }
    return returned;
  };
}

/** By name: rows that were read and rows that are new have their columns in different orders. */
function valuesOf(row: object, columns: readonly string[]): readonly unknown[] {
  const byColumn = row as Readonly<Record<string, unknown>>;
  return columns.map((column) => byColumn[column]);
}

import { type Compilable, CompiledQuery, type DialectAdapter, type Kysely } from 'kysely';
import type { LedgerReader } from '../ledger.ts';
import type { LedgerSchema } from '../schema.ts';

/** Lists up to this length are made longer, so that all of them together need ten statements. */
const MAX_MADE_LONGER = 512;

/**
 * Makes a query about the members of a list whose statement Kysely builds only once for each power of two: the books
 * ask several such questions for each batch, and building one takes longer than answering it.
 * @param build the query, which must bind the list and then the rest, and nothing else
 * @returns a function that runs it; the list must not be empty
 */
export function createListQuery<Db extends LedgerReader, Row>(
  build: (db: Db, list: readonly string[], ...rest: readonly bigint[]) => Compilable<Row>,
): (db: Db, list: readonly string[], ...rest: readonly bigint[]) => Promise<readonly Row[]> {
  const byDialect = new WeakMap<DialectAdapter, Map<number, string>>();

  function statementFor(db: Db, list: readonly string[], rest: readonly bigint[]): string {
    const { adapter } = kyselyOf(db).getExecutor();
    const statements = byDialect.get(adapter) ?? new Map<number, string>();
    byDialect.set(adapter, statements);
    const known = statements.get(list.length);
    if (known !== undefined) return known;
    const { sql, parameters } = build(db, list, ...rest).compile();
    const bound: readonly (string | bigint)[] = [...list, ...rest];
    if (parameters.length !== bound.length || bound.some((value, i) => value !== parameters[i])) {
      throw new Error(`unreachable: a query binds something else than its list: ${sql}`);
    }
    if (list.length <= MAX_MADE_LONGER) statements.set(list.length, sql);
    return sql;
  }

  return async (db, list, ...rest) => {
    const longer = madeLonger(list);
    const statement = statementFor(db, longer, rest);
    const { rows } = await kyselyOf(db).executeQuery<Row>(CompiledQuery.raw(statement, [...longer, ...rest]));
    return rows;
  };
}

/** Every reader is a whole Kysely: its type only keeps others from writing. */
function kyselyOf(db: LedgerReader): Kysely<LedgerSchema> {
  return db as Kysely<LedgerSchema>;
}

/** The list with its last member repeated, which asks for nothing more. */
function madeLonger(list: readonly string[]): readonly string[] {
  const last = list.at(-1);
  if (last === undefined || list.length > MAX_MADE_LONGER) return list;
  const length = 2 ** Math.ceil(Math.log2(list.length));
  return [...list, ...Array.from({ length: length - list.length }, () => last)];
}

import { chunks } from '../../foundation/lists/chunks.ts';

/**
 * How many alternatives one statement joins by `or`. SQLite accepts expressions at most 1,000 deep, and each `or` adds
 * one level.
 * @see https://www.sqlite.org/limits.html#max_expr_depth
 */
export const MAX_ALTERNATIVES = 500;

/**
 * How many values one statement binds: SQLite's limit. PostgreSQL's is twice as high.
 * @see https://www.sqlite.org/limits.html#max_variable_number
 */
const MAX_PARAMETERS = 32_766;

/**
 * A table's rows, in order, cut into as few pieces as can be inserted by one statement each. All have the same columns.
 */
export function insertable<Row extends object>(rows: readonly Row[]): Iterable<readonly Row[]> {
  const columns = Object.keys(rows[0] ?? {}).length;
  return chunks(rows, Math.floor(MAX_PARAMETERS / Math.max(columns, 1)));
}

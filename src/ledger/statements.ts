import { inPieces } from '../lists/pieces.ts';

/**
 * How many alternatives one statement joins by `or`. SQLite takes no expression deeper than 1,000, and each `or` makes
 * one deeper.
 * @see https://www.sqlite.org/limits.html#max_expr_depth
 */
export const MOST_ALTERNATIVES = 500;

/**
 * How many values one statement binds: what SQLite takes. PostgreSQL takes twice as many.
 * @see https://www.sqlite.org/limits.html#max_variable_number
 */
const MOST_PARAMETERS = 32_766;

/** Rows of one table in their order, in as few pieces as statements can insert. All have the same columns. */
export function insertable<Row extends object>(rows: readonly Row[]): Iterable<readonly Row[]> {
  const columns = Object.keys(rows[0] ?? {}).length;
  return inPieces(rows, Math.floor(MOST_PARAMETERS / Math.max(columns, 1)));
}

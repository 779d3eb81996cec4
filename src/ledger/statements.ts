/**
 * How many alternatives one statement joins by `or`. SQLite takes no expression deeper than 1,000, and each `or` makes
 * one deeper.
 * @see https://www.sqlite.org/limits.html#max_expr_depth
 */
export const MOST_ALTERNATIVES = 500;

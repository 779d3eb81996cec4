/*
 * How columns are followed to their tables, from the inside of a statement to its outside. In
 *
 *     SELECT n FROM (SELECT name AS n FROM d.t) x WHERE n = 'a'
 *
 * - the one place where FROM names `d.t` is a mention. It collects what the statement does with the table's columns: `name` is
 *   projected, and filtered.
 * - `name` of that mention is the origin of the column `n`. A column of an expression or a UNION has several.
 * - What `x` gives to the query around it are rows (`column-rows.ts`): its columns, each with its origins.
 * - The rows that stand in one FROM are a level; a scope is the level of a query, followed by those of the queries around it.
 *
 * A filter on a column is recorded as a filter of its origins, as far as BigQuery would read less of their tables because of it.
 */

/** How one mention of a table in FROM uses its columns; names in lower case. */
export interface Mention {
  readonly projected: Set<string>;
  readonly filtered: Set<string>;
  /** Those that filter only if they are this table's, and not another's beside it. */
  readonly filteredIfOwn: Set<string>;
  /** The variables with which these, or columns that filter, are compared beside other tables. */
  readonly comparedVariables: Set<string>;
  /** In conditions, whether these filter or not. */
  readonly tested: Set<string>;
  readonly joined: Set<string>;
  readonly grouped: Set<string>;
  /** True if a condition that never holds, as in `WHERE FALSE`, keeps all rows out. */
  isNeverRead: boolean;
}

/** The lists of names in a mention. */
export type ColumnList = Exclude<keyof Mention, 'isNeverRead'>;

/** A column of a table, as read by one mention of it. */
export interface Origin {
  readonly mention: Mention;
  readonly column: string;
  /** True if a filter on the derived column does not filter the table: BigQuery applies it after reading. */
  readonly filtersBlocked: boolean;
  /** True if only that blocks them: the SQL does not say whether the column is this table's, or another's beside it. */
  readonly filtersIfOwn?: true;
}

export function emptyMention(): Mention {
  return {
    projected: new Set(),
    filtered: new Set(),
    filteredIfOwn: new Set(),
    comparedVariables: new Set(),
    tested: new Set(),
    joined: new Set(),
    grouped: new Set(),
    isNeverRead: false,
  };
}

/**
 * Each column of each mention only once, its filters blocked if they are blocked everywhere, so that lists do not grow
 * with each level that combines them.
 */
export function distinct(origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins;
  const known = new Map<Mention, Map<string, Origin>>();
  for (const origin of origins) {
    const columns = known.get(origin.mention) ?? new Map<string, Origin>();
    const before = columns.get(origin.column);
    known.set(
      origin.mention,
      columns.set(origin.column, before === undefined || reachOf(origin) > reachOf(before) ? origin : before),
    );
  }
  return [...known.values()].flatMap((columns) => [...columns.values()]);
}

/** How certain it is that a filter filters the table. */
function reachOf({ filtersBlocked, filtersIfOwn }: Origin): number {
  if (!filtersBlocked) return 2;
  return filtersIfOwn ? 1 : 0;
}

/** The same, but no filter on it filters a table. */
export function blockFilters(origins: readonly Origin[]): readonly Origin[] {
  return origins.map(({ mention, column }) => ({ mention, column, filtersBlocked: true }));
}

/** The same, but a filter on it filters the table if the column is the table's own. */
export function filterIfOwn(origins: readonly Origin[]): readonly Origin[] {
  return origins.map(({ mention, column, ...origin }) =>
    reachOf({ mention, column, ...origin }) === 0
      ? { mention, column, filtersBlocked: true }
      : { mention, column, filtersBlocked: true, filtersIfOwn: true },
  );
}

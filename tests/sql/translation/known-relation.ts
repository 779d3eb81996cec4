/** A column of a read of a table, such as `t#1.day`. */
export type Origin = `${string}#${number}.${string}`;

/** The columns that a value is made of. */
export type Value = readonly {
  readonly origin: Origin;
  /** Whether a filter on the value is one on this column. */
  readonly isFilterable: boolean;
}[];

export type Columns = ReadonlyMap<string, Value>;

export interface Relation {
  readonly sql: string;
  readonly columns: Columns;
  /** The name of its rows, and what columns these had when they got it. */
  readonly row: { readonly name: string; readonly columns: Columns } | null;
}

/** What is true of all that was made with the same choices. */
export interface Truth {
  /** Each read of a table, such as `t#1`, with the columns by which it is filtered. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
  /** Columns that no reading may miss. */
  readonly used: ReadonlySet<Origin>;
}

/** The rows that one more operator passes on as they are. */
export function piped(relation: Relation, operator: string): Relation {
  return { ...relation, sql: `${relation.sql} |> ${operator}` };
}

/** The rows under a name, by which their columns are known as they are now. */
export function named(relation: Relation, name: string): Relation {
  return { ...relation, row: { name, columns: relation.columns } };
}

/** Rows on which no later filter is one on a table. */
export function unfilterable({ sql, columns, row }: Relation): Relation {
  return { sql, columns: allBlocked(columns), row: row && { ...row, columns: allBlocked(row.columns) } };
}

function allBlocked(columns: Columns): Columns {
  return new Map([...columns].map(([name, value]) => [name, blocked(value)]));
}

/** What a value is made of when no filter on it is one on a table. */
export function blocked(value: Value): Value {
  return value.map(({ origin }) => ({ origin, isFilterable: false }));
}

import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** Which rows of a list to return. The newest come first, and IDs settle the order within a millisecond. */
export interface ListQuery {
  readonly nowMs: number;
  /** Includes those that are over. */
  readonly all: boolean;
  /** At most this many. */
  readonly limit: number;
  /** Only those that come behind this one: the last of the previous page. */
  readonly after?: ListPosition | undefined;
}

export interface ListPosition {
  readonly atMs: number;
  readonly id: string;
}

/** Whether a row comes behind a position in a list that is ordered by these columns. */
export function comesBehind(
  { atMs, id }: ListPosition,
  columns: { readonly atMs: string; readonly id: string },
): RawBuilder<SqlBool> {
  const [at, row] = [sql.ref(columns.atMs), sql.ref(columns.id)];
  return sql<SqlBool>`(${at} < ${BigInt(atMs)} or (${at} = ${BigInt(atMs)} and ${row} > ${id}))`;
}

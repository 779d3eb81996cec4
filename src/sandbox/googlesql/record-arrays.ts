import type { FieldSchema } from '../warehouse.ts';
import { parseSource } from './parse.ts';
import { identifier, nodeOf, rewriteTree } from './tree.ts';

/**
 * `UNNEST` of an array of records returns the records' members as columns; in DuckDB it returns one column of records.
 * Such an `UNNEST` therefore becomes a subquery that takes the records apart. Arrays of records are recognised by the
 * names of columns in the tables that the statement reads.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#unnest_and_structs
 */
export function spreadRecords(statement: unknown, columns: readonly FieldSchema[]): unknown {
  const names = new Set(columns.filter(isRecordArray).map(({ name }) => name.toLowerCase()));
  if (names.size === 0) return statement;
  return rewriteTree(statement, (type, body) => {
    if (type !== 'unnest' || body['with_ordinality'] === true) return null;
    const column = nodeOf(body['this']);
    const name = column?.type === 'column' ? identifier(column.body['name']) : null;
    return name !== null && names.has(name.toLowerCase()) ? spread(body['this']) : null;
  });
}

function isRecordArray({ type, mode }: FieldSchema): boolean {
  return type === 'RECORD' && mode === 'REPEATED';
}

/** A stand-in for the array in the subquery. */
const ARRAY = '_array';

function spread(array: unknown): unknown {
  return rewriteTree(parseSource(`(SELECT _record.* FROM UNNEST(${ARRAY}) AS _record)`), (type, body) =>
    type === 'column' && identifier(body['name']) === ARRAY ? array : null,
  );
}

import type { FieldSchema } from '../warehouse.ts';
import { parseSource } from './parse.ts';
import { identifier, nodeOf, rewriteTree } from './tree.ts';

/**
 * `UNNEST` of an array of records gives the records' members as columns, which DuckDB does not: it gives one column
 * of records. So such an `UNNEST` becomes a subquery that takes the records apart. Arrays of records are known by the
 * names of the columns of the tables that the statement reads.
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

/** Stands for the array in the subquery. */
const ARRAY = '_array';

function spread(array: unknown): unknown {
  return rewriteTree(parseSource(`(SELECT _record.* FROM UNNEST(${ARRAY}) AS _record)`), (type, body) =>
    type === 'column' && identifier(body['name']) === ARRAY ? array : null,
  );
}

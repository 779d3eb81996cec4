import type { Connections } from '../duckdb/connections.ts';
import type { FieldSchema } from '../warehouse.ts';
import { leavesOf } from './logical-size.ts';

/** The partition of an unpartitioned table. */
const WHOLE_TABLE = 'whole';
/** The partition of rows whose partition column is null. */
export const NULL_PARTITION = '__NULL__';

/** One partition's rows, with its logical bytes per leaf. */
export interface PartitionBytes {
  readonly rows: bigint;
  readonly bytesByLeaf: ReadonlyMap<string, bigint>;
}

/** The size of a table: counted, not estimated. Partitions by day, `2026-10-31`. */
export interface TableBytes {
  readonly partitions: ReadonlyMap<string, PartitionBytes>;
}

export interface MeasuredTable {
  /** The table's name in DuckDB's SQL. */
  readonly duckdbName: string;
  readonly schema: readonly FieldSchema[];
  readonly partitionField: string | null;
}

/** Counts a table's rows and logical bytes, by partition and leaf. */
export async function measureTable(connections: Connections, table: MeasuredTable): Promise<TableBytes> {
  const leaves = leavesOf(table.schema);
  const partition =
    table.partitionField === null
      ? `'${WHOLE_TABLE}'`
      : `coalesce(strftime("${table.partitionField}", '%Y-%m-%d'), '${NULL_PARTITION}')`;
  const sums = leaves.map(
    (leaf, index) => `CAST(coalesce(sum(${leaf.bytesSql}), 0) AS BIGINT) AS leaf${index}`,
  );
  const rows = await connections.rows(
    `SELECT ${[`${partition} AS partition`, 'count(*) AS row_count', ...sums].join(', ')}
     FROM ${table.duckdbName} GROUP BY 1 ORDER BY 1`,
  );
  return {
    partitions: new Map(
      rows.map((row) => [
        String(row['partition']),
        {
          rows: asBigint(row['row_count']),
          bytesByLeaf: new Map(leaves.map((leaf, index) => [leaf.path, asBigint(row[`leaf${index}`])])),
        },
      ]),
    ),
  };
}

/** Rows of the whole table. */
export function rowsOf(table: TableBytes): bigint {
  return [...table.partitions.values()].reduce((sum, { rows }) => sum + rows, 0n);
}

/** Logical bytes of the whole table, every column. */
export function bytesOf(table: TableBytes): bigint {
  return [...table.partitions.values()]
    .flatMap(({ bytesByLeaf }) => [...bytesByLeaf.values()])
    .reduce((sum, bytes) => sum + bytes, 0n);
}

function asBigint(value: unknown): bigint {
  if (typeof value !== 'bigint') throw new Error(`DuckDB counted ${String(value)}, which is no whole number`);
  return value;
}

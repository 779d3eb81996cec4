import type { PartitionBytes } from './table-bytes.ts';

const MIB = 1n << 20n;
const MINIMUM_BYTES_PER_TABLE = 10n * MIB;

/** What one scan reads from a table: these leaves, in these partitions. */
export interface TableRead {
  readonly columns: readonly string[];
  readonly partitions: ReadonlySet<string>;
}

/**
 * Logical bytes that a query reads from one table. Each leaf of each partition counts once, however often it is
 * scanned.
 */
export function bytesRead(
  partitions: ReadonlyMap<string, PartitionBytes>,
  reads: readonly TableRead[],
): bigint {
  let sum = 0n;
  for (const [partition, { bytesByLeaf }] of partitions) {
    const columns = reads.filter((read) => read.partitions.has(partition)).flatMap((read) => read.columns);
    for (const [leaf, bytes] of bytesByLeaf) {
      if (columns.some((column) => isReadBy(column, leaf))) sum += bytes;
    }
  }
  return sum;
}

/** A record's name stands for all of its members, and a name within an array for the whole array. */
function isReadBy(column: string, leaf: string): boolean {
  return column === leaf || leaf.startsWith(`${column}.`) || column.startsWith(`${leaf}.`);
}

/**
 * As BigQuery bills: every table with bytes rounded up to whole MiB, at least 10 MiB.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 */
export function billedBytes(bytesByTable: readonly bigint[]): bigint {
  return bytesByTable
    .filter((bytes) => bytes > 0n)
    .map((bytes) => ((bytes + MIB - 1n) / MIB) * MIB)
    .reduce((sum, bytes) => sum + (bytes > MINIMUM_BYTES_PER_TABLE ? bytes : MINIMUM_BYTES_PER_TABLE), 0n);
}

import { type Bytes, MIB, MINIMUM_BYTES_PER_TABLE } from '../vocabulary/bytes.ts';

/**
 * The most that BigQuery can bill for a query: each referenced table is rounded up to whole MiB and counts for at least
 * 10 MiB. A dry run reports only the total, so this assumes the most expensive split over the tables: one table holds
 * everything and the others cost their minimum. The actual bill is never higher.
 *
 * A query that processes nothing is billed nothing.
 * @param tables number of tables referenced, with views resolved
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 */
export function billedBytes(processed: Bytes, tables: number): Bytes {
  if (processed <= 0n) return 0n;
  const wholeMebibytes = ((processed + MIB - 1n) / MIB) * MIB;
  const largest = wholeMebibytes > MINIMUM_BYTES_PER_TABLE ? wholeMebibytes : MINIMUM_BYTES_PER_TABLE;
  return largest + BigInt(Math.max(tables - 1, 0)) * MINIMUM_BYTES_PER_TABLE;
}

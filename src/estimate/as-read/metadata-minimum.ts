import { MINIMUM_BYTES_PER_TABLE } from '../../vocabulary/bytes.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';

/**
 * The estimate with at least the minimum for each view of INFORMATION_SCHEMA that the query reads. These are billed as 10 MB
 * even where less is processed, and never come from the cache; a dry run that says that nothing is processed would have them
 * sent with a cap that stops them.
 * @see https://cloud.google.com/bigquery/docs/information-schema-intro#pricing
 */
export function withMetadataMinimum(estimate: Estimate, { tables }: Pick<SqlReading, 'tables'>): Estimate {
  const named = [...tables.map(({ table }) => table), ...estimate.referencedTables].filter(isMetadata);
  const views = new Set(named.map((table) => tableName(table).toLowerCase()));
  const least = BigInt(views.size) * MINIMUM_BYTES_PER_TABLE;
  return estimate.bytesBilled >= least ? estimate : { ...estimate, bytesBilled: least };
}

function isMetadata({ tableId }: TableReference): boolean {
  return tableId.toUpperCase().startsWith('INFORMATION_SCHEMA.');
}

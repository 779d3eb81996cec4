/** A count of bytes. Always a bigint: monthly totals of large companies exceed 2^53. */
export type Bytes = bigint;

export const MIB: Bytes = 1n << 20n;

/**
 * BigQuery bills at least this much for each table that a query references.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 */
export const MINIMUM_BYTES_PER_TABLE: Bytes = 10n * MIB;

export const GIB: Bytes = 1n << 30n;
export const TIB: Bytes = 1n << 40n;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/**
 * Bytes as people read them, in binary units with at most two decimals: `1.42 GiB`, in pt-BR `1,42 GiB`. The unit is
 * the largest in which the number is at least one.
 */
export function formatBytes(bytes: Bytes, locale = 'en'): string {
  let power = 0;
  while (power < UNITS.length - 1 && bytes >= 1n << BigInt(10 * (power + 1))) power += 1;
  const scaled = Number((bytes * 100n) >> BigInt(10 * power)) / 100;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(scaled)} ${UNITS[power]}`;
}

import type { SqlReading } from '../vocabulary/reading.ts';
import { readUncached } from './parsers/read-uncached.ts';
import { tokenSummaryOf } from './read-result.ts';
import { createReadingCache, readingKey } from './reading-cache.ts';
import { DEFAULT_LIMITS } from './reading-limits.ts';
import type { NameDefaults } from './table-names.ts';

const readings = createReadingCache();

/**
 * What the SQL says: tables, how columns are used, stars, fingerprint. Never throws: SQL that no parser can read gives
 * a reading that says so. It blocks the thread while it reads, so it is only for commands; the proxy uses
 * `createReader`.
 * @param sql GoogleSQL as it will be sent
 * @param defaults the project and dataset that complete short names
 */
export function readSql(sql: string, defaults: NameDefaults): SqlReading {
  const key = readingKey(sql, defaults);
  const cached = readings.get(key);
  if (cached !== undefined) return cached;
  const { reading } = readUncached(sql, tokenSummaryOf(sql), defaults, DEFAULT_LIMITS);
  readings.set(key, reading);
  return reading;
}

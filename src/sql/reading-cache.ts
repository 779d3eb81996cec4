import { LRUCache } from 'lru-cache';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { NameDefaults } from './table-names.ts';

/**
 * Characters of SQL and of its reading as JSON; in memory that is two to three times as much if it names many tables.
 */
const MAX_CHARACTERS = 32 << 20;

/**
 * A dashboard asks the same thing again and again. Also bounded by characters, since a query can be very long, and a
 * short one's reading can be many times its length.
 */
export function createReadingCache<V extends object = SqlReading>(): LRUCache<string, V> {
  return new LRUCache({
    max: 5_000,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (reading, key) => key.length + JSON.stringify(reading).length,
  });
}

/** The same SQL names other tables under other defaults. */
export function readingKey(sql: string, { projectId, defaultDataset }: NameDefaults): string {
  return JSON.stringify([projectId, defaultDataset, sql]);
}

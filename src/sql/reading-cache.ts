import { LRUCache } from 'lru-cache';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { NameDefaults } from './table-names.ts';

/** Of SQL and of what it says, as JSON; in memory that is two to three times as much, where it names many tables. */
const MOST_CHARACTERS = 32 << 20;

/**
 * A dashboard asks the same again and again. Bounded by characters as well, since one query can be very long, and what
 * a short one says can be many times as long.
 */
export function createReadingCache<V extends object = SqlReading>(): LRUCache<string, V> {
  return new LRUCache({
    max: 5_000,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (reading, key) => key.length + JSON.stringify(reading).length,
  });
}

/** The same SQL names other tables under other defaults. */
export function readingKey(sql: string, { projectId, defaultDataset }: NameDefaults): string {
  return JSON.stringify([projectId, defaultDataset, sql]);
}

import { LRUCache } from 'lru-cache';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { NameDefaults } from './table-names.ts';

/** A dashboard asks the same again and again. Bounded by characters as well, since one query can be very long. */
export function createReadingCache<V extends object = SqlReading>(): LRUCache<string, V> {
  return new LRUCache({ max: 5_000, maxSize: 64 << 20, sizeCalculation: (_, key) => key.length + 1 });
}

/** The same SQL names other tables under other defaults. */
export function readingKey(sql: string, { projectId, defaultDataset }: NameDefaults): string {
  return JSON.stringify([projectId, defaultDataset, sql]);
}

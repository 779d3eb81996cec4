import type { z } from 'zod';
import { count, seconds, size } from './value-kinds.ts';

/** How SQL is read: by how many processes, how much of it, and for how long. */
export interface ReadingSettings {
  readonly maxSqlCharacters: number;
  /** Of parentheses, brackets and CASE. */
  readonly maxSqlDepth: number;
  readonly readTimeoutMs: number;
  readonly readWaitMs: number;
  readonly readProcesses: number;
}

/** The settings for reading SQL, as in the file and the environment. */
export const readingKeys = {
  max_sql: size.prefault('1 MiB').describe('longest SQL that is parsed; longer SQL is unread'),
  max_sql_depth: count
    .prefault(100)
    .describe('maximum nesting of parentheses, brackets and CASE; deeper SQL is unread'),
  read_timeout: seconds
    .prefault(2)
    .describe('seconds that reading one query may take; after that, it is unread'),
  read_wait: seconds
    .prefault(5)
    .describe('seconds that a query waits for a process to read it; after that, it is answered 503'),
  read_processes: count.prefault(2).describe('processes that read SQL'),
};

/** From here on, times are in milliseconds. */
export function readingSettings(keys: z.output<z.ZodObject<typeof readingKeys>>): ReadingSettings {
  return {
    maxSqlCharacters: keys.max_sql,
    maxSqlDepth: keys.max_sql_depth,
    readTimeoutMs: keys.read_timeout,
    readWaitMs: keys.read_wait,
    readProcesses: keys.read_processes,
  };
}

import type { SqlReading } from '../../src/vocabulary/reading.ts';

/** A reading, by default of a SELECT without tables. */
export function reading(changes: Partial<SqlReading> = {}): SqlReading {
  return {
    reader: 'polyglot',
    unreadReason: null,
    statement: 'SELECT',
    tables: [],
    star: false,
    limit: null,
    joinsWithoutCondition: 0,
    subqueries: 0,
    functions: [],
    antiPatterns: [],
    fingerprint: 'f',
    ...changes,
  };
}

import { LRUCache } from 'lru-cache';
import type { SqlReading } from '../vocabulary/reading.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type ReaderOutcome, readWithPolyglot } from './polyglot-reader.ts';
import { readWithSecondParser } from './second-reader.ts';
import type { NameDefaults } from './table-names.ts';
import { type TokenFacts, tokenFactsOf } from './token-facts.ts';

/** Longer SQL is not parsed: it would hold up other requests. It is priced and capped all the same. */
const LONGEST_PARSED_CHARACTERS = 1 << 20;

/** A dashboard asks the same again and again. Bounded by characters as well, since one query can be very long. */
const readings = new LRUCache<string, SqlReading>({
  max: 5_000,
  maxSize: 64 << 20,
  sizeCalculation: (_, key) => key.length + 1,
});

/**
 * What the SQL says: tables, how columns are used, stars, fingerprint. Never throws: SQL that no parser reads gives
 * a reading that says so.
 * @param sql GoogleSQL as it will be sent
 * @param defaults the project and dataset that complete short names
 */
export function readSql(sql: string, defaults: NameDefaults): SqlReading {
  const key = JSON.stringify([defaults.projectId, defaults.defaultDataset, sql]);
  const known = readings.get(key);
  if (known !== undefined) return known;
  const reading = readAnew(sql, defaults);
  readings.set(key, reading);
  return reading;
}

function readAnew(sql: string, defaults: NameDefaults): SqlReading {
  const fingerprint = fingerprintOf(sql);
  if (sql.length > LONGEST_PARSED_CHARACTERS) {
    return unread(
      `it is longer than ${LONGEST_PARSED_CHARACTERS} characters`,
      fingerprint,
      tokenFactsOf(sql),
    );
  }
  const words = tokenFactsOf(sql);
  const { functions } = words;
  const first = attempt(readWithPolyglot, sql, defaults);
  if (first.ok) return { ...facts(first), reader: 'polyglot', functions, fingerprint };
  const second = attempt(readWithSecondParser, sql, defaults);
  if (second.ok) return { ...facts(second), reader: 'node-sql-parser', functions, fingerprint };
  return unread(first.reason, fingerprint, words);
}

/** A parser may give up in its own way, on nesting that exhausts its stack for one: that is unread SQL, no failure. */
function attempt(
  reader: (sql: string, defaults: NameDefaults) => ReaderOutcome,
  sql: string,
  defaults: NameDefaults,
): ReaderOutcome {
  try {
    return reader(sql, defaults);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function facts({ ok: _ok, ...found }: Extract<ReaderOutcome, { ok: true }>) {
  return { ...found, unreadReason: null };
}

function unread(unreadReason: string, fingerprint: string, words: TokenFacts): SqlReading {
  return {
    reader: 'none',
    unreadReason,
    statement: 'UNKNOWN',
    tables: [],
    star: false,
    limit: null,
    joinsWithoutCondition: words.mostJoinsWithoutCondition,
    subqueries: words.mostSubqueries,
    functions: words.functions,
    antiPatterns: [],
    fingerprint,
  };
}

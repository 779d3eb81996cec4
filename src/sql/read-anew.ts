import { createHash } from 'node:crypto';
import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import { fingerprintOf } from './fingerprint.ts';
import { beyondLimits, type ReadingLimits } from './limits.ts';
import { type ReaderOutcome, readWithPolyglot } from './polyglot-reader.ts';
import { readWithSecondParser } from './second-reader.ts';
import type { NameDefaults } from './table-names.ts';
import { type TokenFacts, tokenFactsOf } from './token-facts.ts';

/** How a reading ended: by which parser, or why by none. */
export type ReadingOutcome =
  | 'polyglot'
  | 'node-sql-parser'
  /** No parser takes it for SQL. */
  | 'syntax'
  | 'size'
  | 'depth'
  | 'time'
  /** No process was free for too long. */
  | 'wait'
  /** The process that read it broke. */
  | 'failure';

export interface ReadingMade {
  readonly reading: SqlReading;
  readonly outcome: ReadingOutcome;
  /** Where the SQL could be written otherwise, where that was asked for. */
  readonly sites?: RewriteSites;
  /** What each column of the result is made of, where that was asked for; null where the parser does not follow it. */
  readonly columnLineage?: ColumnLineage | null;
}

/** How polyglot says that it stops before its stack is exhausted. */
const PARSER_LIMIT = /E_GUARD_\w*(DEPTH|CHAIN)/;

/** What can be told of SQL by its words alone. */
export interface Words extends TokenFacts {
  readonly fingerprint: string;
}

export function wordsOf(sql: string): Words {
  return { ...tokenFactsOf(sql), fingerprint: fingerprintOf(sql) };
}

/** What a fingerprint is made of where the words were not looked at: as much as BigQuery takes, and the length. */
const DIGESTED_CHARACTERS = 1 << 20;

/** SQL whose words were not looked at: bounds that it cannot exceed, and a fingerprint of its very text. */
export function unknownWords(sql: string): Words {
  return {
    functions: [],
    mostJoinsWithoutCondition: sql.length,
    mostSubqueries: sql.length,
    fingerprint: createHash('sha256')
      .update(`${sql.length} ${sql.slice(0, DIGESTED_CHARACTERS)}`)
      .digest('hex')
      .slice(0, 16),
  };
}

/** Reads SQL, however long that takes but for the limits of size and depth. Never throws. */
export function readAnew(
  sql: string,
  words: Words,
  defaults: NameDefaults,
  limits: ReadingLimits,
): ReadingMade {
  const beyond = beyondLimits(sql, limits);
  if (beyond !== null) return unread(words, beyond.outcome, beyond.reason);
  const { functions, fingerprint } = words;
  const first = attempt(readWithPolyglot, sql, defaults);
  if (first.ok) return read(first, { reader: 'polyglot', functions, fingerprint });
  const second = attempt(readWithSecondParser, sql, defaults);
  if (second.ok) return read(second, { reader: 'node-sql-parser', functions, fingerprint });
  return PARSER_LIMIT.test(first.reason)
    ? unread(words, 'depth', `it nests deeper than the parser follows: ${first.reason}`)
    : unread(words, 'syntax', first.reason);
}

/** Whether the parser still reads after it has failed: what exhausts its stack may leave it broken. */
export function stillReads(): boolean {
  return attempt(readWithPolyglot, 'SELECT x FROM t', { projectId: 'p', defaultDataset: null }).ok;
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

function read(
  { ok: _ok, ...found }: Extract<ReaderOutcome, { ok: true }>,
  rest: { readonly reader: 'polyglot' | 'node-sql-parser' } & Pick<SqlReading, 'functions' | 'fingerprint'>,
): ReadingMade {
  return { reading: { ...found, ...rest, unreadReason: null }, outcome: rest.reader };
}

export function unread(
  words: Words,
  outcome: Exclude<ReadingOutcome, 'polyglot' | 'node-sql-parser'>,
  unreadReason: string,
): ReadingMade {
  const reading: SqlReading = {
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
    fingerprint: words.fingerprint,
  };
  return { reading, outcome };
}

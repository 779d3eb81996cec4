import { createHash } from 'node:crypto';
import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import { fingerprintOf } from './tokens/fingerprint.ts';
import { type TokenFacts, tokenFactsOf } from './tokens/token-facts.ts';

/*
 * What a reading comes to, and what can be told without a parser. The process that guards queries imports this and no
 * parser, which would take a hundred megabytes and a quarter of a second of its start.
 */

/** How a reading ended: by which parser, or why by none. */
export type ReadingOutcome =
  | 'polyglot'
  | 'node-sql-parser'
  /** No parser takes it for SQL. */
  | 'syntax'
  /** A parser takes it, and it can do other than what was read: tables that it names are known all the same. */
  | 'unseen'
  | 'size'
  | 'depth'
  | 'time'
  /** No process was free to read it, or none was up, for too long; or the guardrail stops. */
  | 'wait'
  /** Too much of its caller's SQL was given up because of its time. */
  | 'throttled'
  /** The process that read it broke. */
  | 'failure';

/** Why no parser has read it. */
export type UnreadOutcome = Exclude<ReadingOutcome, 'polyglot' | 'node-sql-parser'>;

export interface ReadingMade {
  readonly reading: SqlReading;
  readonly outcome: ReadingOutcome;
  /** Where the SQL could be written otherwise, where that was asked for. */
  readonly sites?: RewriteSites;
  /** What each column of the result is made of, where that was asked for; null where the parser does not follow it. */
  readonly columnLineage?: ColumnLineage | null;
}

/** Why what is asked as the guardrail stops, or is under way then, is unread. */
export const STOPS = 'the guardrail stops';

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

/** What no parser has read: all that is told of it is what its words tell. */
export function unread(words: Words, outcome: UnreadOutcome, unreadReason: string): ReadingMade {
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

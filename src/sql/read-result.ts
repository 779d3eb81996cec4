import { createHash } from 'node:crypto';
import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import { fingerprintOf } from './tokens/fingerprint.ts';
import { type TokenFacts, tokenFactsOf } from './tokens/token-facts.ts';

/**
 * How readings are put together, and what can be said without a parser. The process that guards queries imports this
 * and no parser, which would cost a hundred megabytes and a quarter of a second at start-up.
 */

/** The outcome of a reading: which parser read it, or why none did. */
export type ReadingOutcome =
  | 'polyglot'
  | 'node-sql-parser'
  /** No parser accepts it as SQL. */
  | 'syntax'
  /**
   * A parser accepts it, but it may do other things than were read: the tables that it names are known all the same.
   */
  | 'unseen'
  | 'size'
  | 'depth'
  | 'time'
  /** No process was free or up for too long; or guardrail is stopping. */
  | 'wait'
  /** Too much of this caller's SQL was given up for taking too long. */
  | 'throttled'
  /** The process that read it broke. */
  | 'failure';

/** Why no parser has read it. */
export type UnreadOutcome = Exclude<ReadingOutcome, 'polyglot' | 'node-sql-parser'>;

export interface ReadResult {
  readonly reading: SqlReading;
  readonly outcome: ReadingOutcome;
  /** Where the SQL could be rewritten, if that was asked for. */
  readonly sites?: RewriteSites;
  /** What each column of the result is made of, if that was asked for; null if the parser does not follow it. */
  readonly columnLineage?: ColumnLineage | null;
}

/** Why queries are unread that are asked for, or under way, while guardrail stops. */
export const STOPPING_REASON = 'guardrail stops';

/** What the tokens of SQL say. */
export interface TokenSummary extends TokenFacts {
  readonly fingerprint: string;
}

export function tokenSummaryOf(sql: string): TokenSummary {
  return { ...tokenFactsOf(sql), fingerprint: fingerprintOf(sql) };
}

/**
 * The part of the text that goes into a fingerprint made without tokens: as much as BigQuery accepts, and the length.
 */
const DIGESTED_CHARACTERS = 1 << 20;

/** For SQL that was not tokenized: upper bounds, and a fingerprint of the exact text. */
export function unknownTokenSummary(sql: string): TokenSummary {
  return {
    functions: [],
    routines: [],
    maxJoinsWithoutCondition: sql.length,
    maxSubqueries: sql.length,
    fingerprint: createHash('sha256')
      .update(`${sql.length} ${sql.slice(0, DIGESTED_CHARACTERS)}`)
      .digest('hex')
      .slice(0, 16),
  };
}

/** For SQL that no parser has read: only what its tokens say. */
export function unreadResult(
  tokenSummary: TokenSummary,
  outcome: UnreadOutcome,
  unreadReason: string,
): ReadResult {
  const reading: SqlReading = {
    reader: 'none',
    unreadReason,
    statement: 'UNKNOWN',
    tables: [],
    star: false,
    limit: null,
    joinsWithoutCondition: tokenSummary.maxJoinsWithoutCondition,
    subqueries: tokenSummary.maxSubqueries,
    functions: tokenSummary.functions,
    antiPatterns: [],
    fingerprint: tokenSummary.fingerprint,
  };
  return { reading, outcome };
}

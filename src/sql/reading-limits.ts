import { tokensOf } from './tokens/tokens.ts';

/** The limits for reading one query. A query beyond a limit is unread, but still priced and capped. */
export interface ReadingLimits {
  readonly characters: number;
  /** Nested parentheses, brackets and CASE. */
  readonly depth: number;
  /** From the moment when a process starts reading it. */
  readonly milliseconds: number;
}

/**
 * BigQuery itself accepts no more than 1 MB of SQL. People nest ten deep; a hundred deep is meant to do harm. Reading
 * takes a millisecond or two; two seconds are for generated SQL, and for a busy machine.
 * @see https://cloud.google.com/bigquery/quotas#query_jobs
 */
export const DEFAULT_LIMITS: ReadingLimits = { characters: 1 << 20, depth: 100, milliseconds: 2_000 };

const OPENS: ReadonlySet<string> = new Set(['(', '[', 'CASE']);
const CLOSES: ReadonlySet<string> = new Set([')', ']', 'END']);

/** Why SQL is too large or too deep to be parsed; null if it is neither. */
export function beyondLimits(
  sql: string,
  limits: ReadingLimits,
): { readonly outcome: 'size' | 'depth'; readonly reason: string } | null {
  if (sql.length > limits.characters) {
    return { outcome: 'size', reason: `it is longer than ${limits.characters} characters` };
  }
  if (depthOf(sql) > limits.depth) {
    return { outcome: 'depth', reason: `it nests more than ${limits.depth} deep` };
  }
  return null;
}

function depthOf(sql: string): number {
  let depth = 0;
  let deepest = 0;
  for (const { whole } of tokensOf(sql)) {
    const word = whole.length > 4 ? '' : whole.toUpperCase();
    if (OPENS.has(word)) depth += 1;
    if (CLOSES.has(word)) depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

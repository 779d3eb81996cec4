import type { ParseResult } from '@polyglot-sql/sdk';
import { Dialect, parse } from '../syntax/polyglot.ts';
import { characterOffsets } from '../tokens/character-offsets.ts';
import { plainCalls } from './plain-calls.ts';
import { plainExtremes } from './plain-extremes.ts';
import { plainNames } from './plain-names.ts';
import { plainSql } from './plain-sql.ts';
import { removeOddLists } from './remove-odd-lists.ts';
import { removeReturnedTypes } from './remove-returned-types.ts';
import { removeStarModifiers } from './remove-star-modifiers.ts';
import { removeTimeTravel } from './remove-time-travel.ts';
import { type Renamed, renameWord, startBefore } from './rename-word.ts';
import { withoutHyphens } from './without-hyphens.ts';

/** Each takes from the SQL what the parser cannot read, and nothing that says what a query reads. */
const MENDS = [removeStarModifiers, removeTimeTravel, removeReturnedTypes, removeOddLists, plainExtremes];

/** More names than this that the parser takes for keywords, and the SQL is unread. */
const MOST_RENAMED = 10;

/** Parses SQL unchanged or, if that fails, mended. Offsets are those of the original SQL, and so are names. */
export function parseMended(sql: string): ParseResult {
  const names = plainNames(sql);
  return names === null ? parseOrMend(sql) : inOwnWords(parseOrMend(names.sql), names.words);
}

function parseOrMend(sql: string): ParseResult {
  const unchanged = parse(sql, Dialect.BigQuery);
  if (unchanged.success) return unchanged;
  const mended = MENDS.reduce((text, mend) => mend(text) ?? text, sql);
  const calls = plainCalls(mended);
  const called = calls?.sql ?? mended;
  const renamed = withoutHyphens(plainSql(called));
  const text = renamed?.sql ?? called;
  const first = text === sql ? unchanged : parse(text, Dialect.BigQuery);
  const parsed = first.success ? first : parseRenamed(text, first);
  return inOwnWords(parsed, new Map([...(calls?.words ?? []), ...(renamed?.words ?? [])]));
}

/**
 * Polyglot takes many words for keywords that are none in GoogleSQL, as in `FROM e.t final` or `UPDATE SET t.language =`.
 * Whichever it stumbles over is given another name, and gets its own name back in what was parsed.
 */
function parseRenamed(sql: string, failed: ParseResult): ParseResult {
  const words = new Map<string, string>();
  let text = sql;
  let parsed = failed;
  let nextStart = 0;
  while (!parsed.success && words.size < MOST_RENAMED) {
    const { errorStart = 0 } = parsed;
    // If it stumbles over another name as well, that is not why.
    const renamed = errorStart < nextStart ? null : renameAt(text, characterOffsets(text)(errorStart));
    if (renamed === null) return parsed;
    words.set(renamed.standIn, renamed.word);
    text = renamed.sql;
    nextStart = errorStart + 1;
    parsed = parse(text, Dialect.BigQuery);
  }
  return inOwnWords(parsed, words);
}

/** In a list, it stumbles only over what follows such a name. */
function renameAt(sql: string, at: number): Renamed | null {
  const renamed = renameWord(sql, at);
  const before = renamed === null ? startBefore(sql, at) : null;
  return before === null ? renamed : renameWord(sql, before);
}

function inOwnWords(parsed: ParseResult, words: ReadonlyMap<string, string>): ParseResult {
  return parsed.success && words.size > 0 ? { ...parsed, ast: withWords(parsed.ast, words) } : parsed;
}

function withWords<T>(ast: T, words: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(ast), (_, value) =>
    typeof value === 'string' ? (words.get(value) ?? value) : value,
  );
}

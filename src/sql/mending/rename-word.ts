import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { type Token, tokensOf } from '../tokens/tokens.ts';
import { standInFor } from './unused-name.ts';

/** SQL in which a name has another one in its place, as long as itself. */
export interface Renamed {
  readonly sql: string;
  readonly word: string;
  /** Occurs nowhere else in the SQL. */
  readonly standIn: string;
}

/**
 * Gives the name at a place another one that no parser takes for a keyword. Null if there is none: a reserved word, a
 * call or the beginning of a literal or a statement is not a name, and is left as it is.
 * @param at the name's first UTF-16 code unit
 */
export function renameWord(sql: string, at: number): Renamed | null {
  const { before, token, after } = tokensAround(sql, at);
  if (token?.word === undefined || RESERVED_WORDS.has(token.word.toUpperCase())) return null;
  if (before === null || !mayPrecedeName(before) || !mayFollowName(after)) return null;
  const standIn = standInFor(token.word, sql);
  if (standIn === null) return null;
  return { sql: sql.slice(0, at) + standIn + sql.slice(at + standIn.length), word: token.word, standIn };
}

/** A name stands after what it is the alias of, after a dot, in a list or after SET; what begins a statement is a keyword. */
function mayPrecedeName({ word, name, whole }: Token): boolean {
  if (word !== undefined)
    return BEFORE_NAME.has(word.toUpperCase()) || !RESERVED_WORDS.has(word.toUpperCase());
  return name !== undefined || [')', '.', ',', '('].includes(whole);
}

function mayFollowName(after: Token | null): boolean {
  return after === null || (after.whole !== '(' && after.text === undefined);
}

interface TokensAround {
  readonly before: Token | null;
  readonly token: Token | null;
  readonly after: Token | null;
}

/** Reserved words after which a name may stand. */
const BEFORE_NAME: ReadonlySet<string> = new Set(['AS', 'SET']);

/** Where the token before a place begins that is neither space nor comment; null if there is none. */
export function startBefore(sql: string, at: number): number | null {
  let end = 0;
  let before: number | null = null;
  for (const { whole, space } of tokensOf(sql)) {
    if (end >= at) break;
    if (space === undefined) before = end;
    end += whole.length;
  }
  return before;
}

/** The token that begins at a place, and those beside it that are neither space nor comment. */
function tokensAround(sql: string, at: number): TokensAround {
  let end = 0;
  let before: Token | null = null;
  let token: Token | null = null;
  for (const next of tokensOf(sql)) {
    const start = end;
    end += next.whole.length;
    if (next.space !== undefined) continue;
    if (token !== null) return { before, token, after: next };
    if (start > at) break;
    if (start === at) token = next;
    else before = next;
  }
  return { before, token, after: null };
}

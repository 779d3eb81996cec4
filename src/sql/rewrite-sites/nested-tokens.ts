import type { TextSpan } from '../../vocabulary/antipattern.ts';
import { tokensOf } from '../tokens/tokens.ts';

/** A token at its place in the SQL; white space and comments are left out. */
export interface NestedToken extends TextSpan {
  /** A keyword or unquoted name in upper case; anything else as written. */
  readonly word: string;
  /** The number of open brackets around it. A bracket itself counts as outside. */
  readonly depth: number;
}

/** The tokens of the SQL with their places, in order. */
export function nestedTokens(sql: string): readonly NestedToken[] {
  const tokens: NestedToken[] = [];
  let [start, depth] = [0, 0];
  for (const { whole, space, word } of tokensOf(sql)) {
    const end = start + whole.length;
    if (whole === ')' || whole === ']') depth -= 1;
    if (space === undefined) tokens.push({ start, end, depth, word: word?.toUpperCase() ?? whole });
    if (whole === '(' || whole === '[') depth += 1;
    start = end;
  }
  return tokens;
}

/** Words that end a FROM clause, or a WHERE clause. */
const CLAUSES = new Set([
  ...['WHERE', 'GROUP', 'HAVING', 'QUALIFY', 'WINDOW', 'ORDER', 'LIMIT'],
  ...['UNION', 'INTERSECT', 'EXCEPT', ';'],
]);

/** The tokens of a SELECT around one of its tables. */
export interface ClausesAround {
  /** From the word SELECT up to the word FROM. */
  readonly projection: readonly NestedToken[];
  /** The last token of the FROM clause. */
  readonly fromEnd: NestedToken;
  /** The tokens after the word WHERE; empty if there is none. */
  readonly condition: readonly NestedToken[];
}

/**
 * The SELECT around a token in a FROM clause, given by offset, at its depth of brackets; null if the offset is in none.
 */
export function clausesAround(tokens: readonly NestedToken[], offset: number): ClausesAround | null {
  const at = tokens.findIndex(({ start }) => start === offset);
  const depth = tokens[at]?.depth;
  const isKeyword = (index: number, word: string) =>
    tokens[index]?.word === word && tokens[index]?.depth === depth && tokens[index - 1]?.word !== '.';
  const leavesBrackets = (index: number) => (tokens[index]?.depth ?? -1) < (depth ?? 0);

  let select = at;
  while (select >= 0 && !isKeyword(select, 'SELECT')) {
    if (leavesBrackets(select) || isKeyword(select, ';')) return null;
    select -= 1;
  }
  const from = tokens.findIndex((_, index) => index > select && isKeyword(index, 'FROM'));
  if (select < 0 || from < 0 || from > at) return null;

  const isClause = (index: number) =>
    CLAUSES.has(tokens[index]?.word ?? '') && isKeyword(index, tokens[index]?.word ?? '');
  const endOf = (begin: number) => {
    let end = begin;
    while (end < tokens.length && !leavesBrackets(end) && !isClause(end)) end += 1;
    return end;
  };
  const fromEnd = endOf(at);
  const last = tokens[fromEnd - 1];
  if (last === undefined) return null;
  const hasWhere = fromEnd < tokens.length && isKeyword(fromEnd, 'WHERE');
  return {
    projection: tokens.slice(select, from),
    fromEnd: last,
    condition: hasWhere ? tokens.slice(fromEnd + 1, endOf(fromEnd + 1)) : [],
  };
}

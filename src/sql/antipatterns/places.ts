import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import type { SourceText } from '../source/source-text.ts';

/** What can delimit a condition. */
const BOUNDS = new Set([
  'AND',
  'OR',
  'WHERE',
  'ON',
  'HAVING',
  'QUALIFY',
  'WHEN',
  'THEN',
  'GROUP',
  'WINDOW',
  'ORDER',
  'LIMIT',
  'JOIN',
  'FULL',
  'INNER',
  'CROSS',
  'UNION',
  'INTERSECT',
]);

/** Words before a parenthesis that do not call a function. */
const NO_FUNCTIONS = new Set([
  ...BOUNDS,
  'IN',
  'NOT',
  'SELECT',
  'FROM',
  'BY',
  'BETWEEN',
  'LIKE',
  'IS',
  'CASE',
  'ELSE',
  'DISTINCT',
  'OVER',
  'AS',
  'ALL',
  'ANY',
  'SOME',
  'USING',
]);

/** The single condition that a token is part of: the text between the nearest AND, OR, clause or plain parentheses. */
export function conditionAround(text: SourceText, token: number): TextSpan {
  let inner = token;
  for (const opening of openingsAround(text, token)) {
    if (!callsFunction(text, opening)) break;
    inner = opening;
  }
  const group = text.tokens[inner]?.group ?? -1;
  const first = firstOfCondition(text, inner, group);
  return text.span(first, lastOfCondition(text, first, group));
}

function firstOfCondition(text: SourceText, from: number, group: number): number {
  let first = from;
  for (let index = from; index > group; index -= 1) {
    const token = text.tokens[index];
    if (token?.group !== group) continue;
    if (isBound(text, index)) break;
    first = index;
  }
  return first;
}

function lastOfCondition(text: SourceText, first: number, group: number): number {
  const end = group === -1 ? text.tokens.length : text.closing(group);
  let last = first;
  let betweens = 0;
  for (let index = first; index < end; index += 1) {
    const token = text.tokens[index];
    if (token?.group === group) {
      if (token.word === 'BETWEEN') betweens += 1;
      else if (token.word === 'AND' && betweens > 0) betweens -= 1;
      else if (isBound(text, index)) break;
    }
    last = index;
  }
  return last;
}

function isBound(text: SourceText, index: number): boolean {
  const token = text.tokens[index];
  if (token === undefined || token.text === ';') return true;
  // LEFT and RIGHT are either joins or functions.
  if (token.word === 'LEFT' || token.word === 'RIGHT') return text.tokens[index + 1]?.text !== '(';
  return token.word !== null && BOUNDS.has(token.word);
}

/** The innermost call of this function around a token, from its name to its closing parenthesis. */
export function callAround(text: SourceText, token: number, name: string): TextSpan | null {
  for (const opening of openingsAround(text, token)) {
    if (text.tokens[opening - 1]?.word === name) return text.span(opening - 1, text.closing(opening));
  }
  return null;
}

/** The outermost function call around a token, within its condition. */
export function outermostCallAround(text: SourceText, token: number): TextSpan | null {
  let outermost: TextSpan | null = null;
  for (const opening of openingsAround(text, token)) {
    if (!callsFunction(text, opening)) break;
    outermost = text.span(opening - 1, text.closing(opening));
  }
  return outermost;
}

/** The parentheses around a SELECT, with what they contain. */
export function bracketsAround(text: SourceText, token: number): TextSpan | null {
  const opening = text.tokens[token]?.group ?? -1;
  return opening < 0 ? null : text.span(opening, text.closing(opening));
}

function* openingsAround(text: SourceText, token: number): Iterable<number> {
  let opening = text.tokens[token]?.group ?? -1;
  while (opening >= 0) {
    yield opening;
    opening = text.tokens[opening]?.group ?? -1;
  }
}

function callsFunction(text: SourceText, opening: number): boolean {
  const name = text.tokens[opening - 1]?.word ?? null;
  return text.tokens[opening]?.text === '(' && name !== null && !NO_FUNCTIONS.has(name);
}

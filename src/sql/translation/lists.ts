import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { type LocatedWords, levelOf, unquoted } from './located-words.ts';

/** Words from one index up to another. */
export interface WordRange {
  readonly from: number;
  readonly to: number;
}

/** An expression of a list, and the index of the name that it gets; null for none. */
export interface Aliased {
  readonly expression: WordRange;
  readonly alias: number | null;
}

/** The items of a list: what stands between commas outside brackets. Empty ones are left out. */
export function splitList(located: LocatedWords, from: number, to: number): WordRange[] {
  const ranges: WordRange[] = [];
  let start = from;
  for (const at of levelOf(located, from, to)) {
    if (located.words[at]?.text !== ',') continue;
    ranges.push({ from: start, to: at });
    start = at + 1;
  }
  return [...ranges, { from: start, to }].filter((range) => range.from < range.to);
}

/** The expressions of a list, with or without AS before their names. */
export function aliasedExpressions(located: LocatedWords, from: number, to: number): readonly Aliased[] {
  return splitList(located, from, to).map((range) => aliasedIn(located, range));
}

function aliasedIn({ words }: LocatedWords, { from, to }: WordRange): Aliased {
  const last = words[to - 1];
  const before = words[to - 2];
  const mayBeAlias = last?.isName === true && to - from > 1 && !RESERVED_WORDS.has(last.text);
  if (!mayBeAlias || before === undefined) return { expression: { from, to }, alias: null };
  if (before.text === 'AS') return { expression: { from, to: to - 2 }, alias: to - 1 };
  // After an operator or a dot it is a part of the expression.
  const endsExpression = before.isName
    ? !RESERVED_WORDS.has(before.text) || ENDS.has(before.text)
    : /^[)\]'"\d]|['"\d]$/.test(before.text);
  return endsExpression
    ? { expression: { from, to: to - 1 }, alias: to - 1 }
    : { expression: { from, to }, alias: null };
}

/** Reserved words with which an expression can end. */
const ENDS: ReadonlySet<string> = new Set(['END', 'NULL', 'TRUE', 'FALSE']);

/** The list without ASC, DESC and NULLS FIRST or LAST at the end of each expression. */
export function withoutOrder({ words }: LocatedWords, { from, to }: WordRange): WordRange {
  let end = to;
  if (words[end - 2]?.text === 'NULLS') end -= 2;
  if (words[end - 1]?.text === 'ASC' || words[end - 1]?.text === 'DESC') end -= 1;
  return { from, to: Math.max(from, end) };
}

/** The index of a word outside brackets; the end of the range if it is not there. */
export function findOnLevel(
  located: LocatedWords,
  { from, to }: WordRange,
  ...texts: readonly string[]
): number {
  for (const at of levelOf(located, from, to)) {
    if (texts.every((text, offset) => located.words[at + offset]?.text === text)) return at;
  }
  return to;
}

/** Each name in upper case that no dot precedes. */
export function namesOutsidePaths({ words }: LocatedWords, { from, to }: WordRange): readonly string[] {
  return words
    .slice(from, to)
    .filter(({ isName }, index) => isName && words[from + index - 1]?.text !== '.')
    .map((word) => unquoted(word).toUpperCase());
}

import { lengthOfPath } from './from-items.ts';
import { splitList, type WordRange } from './lists.ts';
import { type LocatedWord, type LocatedWords, levelOf, unquoted } from './located-words.ts';

/** A part of a script that says which of its statements run, and how often. */
export interface Control {
  /** What it evaluates for that: an expression, or the query of a FOR, in its brackets. */
  readonly evaluated: WordRange | null;
  readonly isQuery: boolean;
  /** What its statements can name beside columns, in lower case: the rows of a FOR, the arguments of a procedure. */
  readonly variables: readonly string[];
  /** Where the next statement, or the next such part, begins. */
  readonly next: number;
}

const ALONE: ReadonlySet<string> = new Set(['ELSE', 'LOOP', 'REPEAT']);
const LEAVING: ReadonlySet<string> = new Set(['END', 'BREAK', 'LEAVE', 'CONTINUE', 'ITERATE', 'RETURN']);

/** `END WHILE label`: whatever is longer is something else. */
const MOST_WORDS_OF_LEAVING = 3;

/**
 * The control of a script at a place where a statement may begin; null if a statement begins there.
 * @param end the index of the semicolon that comes next
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language
 */
export function controlAt(located: LocatedWords, at: number, end: number): Control | null {
  const [word, next, third, fourth] = located.words.slice(at, at + 4).map(({ text }) => text);
  if (word === undefined) return null;
  if (next === ':') return skipTo(at + 2);
  if (ALONE.has(word)) return skipTo(at + 1);
  if (word === 'BEGIN') return next === 'TRANSACTION' || end <= at + 1 ? null : skipTo(at + 1);
  if (word === 'EXCEPTION') return `${next} ${third} ${fourth}` === 'WHEN ERROR THEN' ? skipTo(at + 4) : null;
  if (LEAVING.has(word)) return end - at <= MOST_WORDS_OF_LEAVING ? skipTo(end) : null;
  return STARTING.get(word)?.(located, at, end) ?? null;
}

function skipTo(next: number): Control {
  return { evaluated: null, isQuery: false, variables: [], next };
}

/** `CREATE PROCEDURE p(x INT64) BEGIN`: the statements that it consists of count as if they ran. */
function procedureAt(located: LocatedWords, at: number, end: number): Control | null {
  const { words, closings } = located;
  const textAt = (index: number) => words[index]?.text ?? '';
  const kind = textAt(at + 1) === 'OR' ? at + 3 : at + 1;
  const name = textAt(kind + 1) === 'IF' ? kind + 4 : kind + 1;
  const open = name + lengthOfPath(words.slice(name, end));
  const close = closings.get(open);
  const begin = close === undefined ? null : indexOf(located, close + 1, end, 'BEGIN');
  if (textAt(kind) !== 'PROCEDURE' || textAt(open) !== '(' || close === undefined || begin === null)
    return null;
  if (words.slice(open, begin).some(({ text }) => BEGINS_QUERY.has(text))) return null;
  return { ...skipTo(begin + 1), variables: argumentsIn(located, open + 1, close) };
}

/** The names of a procedure's arguments. A comma in a type such as `STRUCT<a INT64, b INT64>` begins none. */
function argumentsIn(located: LocatedWords, from: number, to: number): readonly string[] {
  const { words } = located;
  const names: string[] = [];
  let depth = 0;
  for (const range of splitList(located, from, to)) {
    const own = words.slice(range.from, range.to);
    const name = own[DIRECTIONS.has(own[0]?.text ?? '') ? 1 : 0];
    if (depth === 0 && name !== undefined) names.push(unquoted(name).toLowerCase());
    depth += countOf(own, '<') - countOf(own, '>');
  }
  return names;
}

function countOf(words: readonly LocatedWord[], text: string): number {
  return words.filter((word) => word.text === text).length;
}

const BEGINS_QUERY: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WITH', 'AS']);

/** Before the name of an argument. */
const DIRECTIONS: ReadonlySet<string> = new Set(['IN', 'OUT', 'INOUT']);

/** `FOR r IN (SELECT …) DO`. */
function forAt(located: LocatedWords, at: number, end: number): Control | null {
  const close = indexOf(located, at + 3, end, 'DO');
  const row = located.words[at + 1];
  if (close === null || row === undefined) return null;
  const evaluated = { from: at + 3, to: close };
  return { evaluated, isQuery: true, variables: [unquoted(row).toLowerCase()], next: close + 1 };
}

/** `CASE x WHEN 1 THEN …; END CASE`, with or without what is compared. */
function caseAt(located: LocatedWords, at: number, end: number): Control | null {
  const when = indexOf(located, at + 1, end, 'WHEN');
  if (when === null) return null;
  return { ...skipTo(when), evaluated: when === at + 1 ? null : { from: at + 1, to: when } };
}

/** `RAISE`, or `RAISE USING MESSAGE = …`. */
function raiseAt({ words }: LocatedWords, at: number, end: number): Control | null {
  if (end === at + 1) return skipTo(end);
  const hasMessage = words[at + 2]?.text === 'MESSAGE' && words[at + 3]?.text === '=';
  return hasMessage ? { ...skipTo(end), evaluated: { from: at + 4, to: end } } : null;
}

/** `ASSERT x > 0`, or `ASSERT x > 0 AS 'what is wrong'`. */
function assertAt(located: LocatedWords, at: number, end: number): Control {
  return { ...skipTo(end), evaluated: { from: at + 1, to: indexOf(located, at + 1, end, 'AS') ?? end } };
}

/** The index of a word outside brackets and CASE expressions. */
function indexOf(located: LocatedWords, from: number, to: number, text: string): number | null {
  let depth = 0;
  for (const at of levelOf(located, from, to)) {
    const word = located.words[at]?.text ?? '';
    if (depth === 0 && word === text) return at;
    if (word === 'CASE') depth += 1;
    if (word === 'END') depth -= 1;
  }
  return null;
}

/** The index of the semicolon that ends a statement, or one past the last word. */
export function endOfStatement(located: LocatedWords, at: number): number {
  for (const index of levelOf(located, at, located.words.length))
    if (located.words[index]?.text === ';') return index;
  return located.words.length;
}

type Find = (located: LocatedWords, at: number, end: number) => Control | null;

/** `IF … THEN`, and the like: an expression up to a word. */
function upTo(word: string): Find {
  return (located, at, end) => {
    const close = indexOf(located, at + 1, end, word);
    if (close === null) return null;
    const next = word === 'END' ? close : close + 1;
    return { ...skipTo(next), evaluated: { from: at + 1, to: close } };
  };
}

const STARTING: ReadonlyMap<string, Find> = new Map([
  ['IF', upTo('THEN')],
  ['ELSEIF', upTo('THEN')],
  ['WHEN', upTo('THEN')],
  ['WHILE', upTo('DO')],
  ['UNTIL', upTo('END')],
  ['FOR', forAt],
  ['CASE', caseAt],
  ['RAISE', raiseAt],
  ['ASSERT', assertAt],
  ['CREATE', procedureAt],
]);

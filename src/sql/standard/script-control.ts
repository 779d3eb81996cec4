import type { WordRange } from './lists.ts';
import { type LocatedWords, levelOf } from './located-words.ts';

/** A part of a script that says which of its statements run, and how often. */
export interface Control {
  /** What it evaluates for that: an expression, or the query of a FOR, in its brackets. */
  readonly evaluated: WordRange | null;
  readonly isQuery: boolean;
  /** Where the next statement, or the next such part, begins. */
  readonly next: number;
}

/** What an expression stands between, by the words around it. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  IF: 'THEN',
  ELSEIF: 'THEN',
  WHEN: 'THEN',
  WHILE: 'DO',
  UNTIL: 'END',
};

const ALONE: ReadonlySet<string> = new Set(['ELSE', 'LOOP', 'REPEAT']);
const LEAVING: ReadonlySet<string> = new Set(['BREAK', 'LEAVE', 'CONTINUE', 'ITERATE', 'RETURN']);

/**
 * The control of a script at a place where a statement may begin; null if a statement begins there.
 * @param end the index of the semicolon that comes next
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language
 */
export function controlAt(located: LocatedWords, at: number, end: number): Control | null {
  const text = (index: number) => located.words[index]?.text ?? '';
  const [word, next] = [text(at), text(at + 1)];
  if (next === ':') return skipTo(at + 2);
  if (ALONE.has(word)) return skipTo(at + 1);
  if (word === 'BEGIN') return ['TRANSACTION', ';', ''].includes(next) ? null : skipTo(at + 1);
  if (word === 'EXCEPTION' && next === 'WHEN' && text(at + 3) === 'THEN') return skipTo(at + 4);
  // `END IF`, `END WHILE label`: whatever is longer is something else.
  if ((word === 'END' || LEAVING.has(word)) && end - at <= 3) return skipTo(end);
  if (word === 'RAISE') return raiseAt(located, at, end);
  if (word === 'FOR') return forAt(located, at, end);
  if (word === 'CASE') return caseAt(located, at, end);
  const closedBy = EXPRESSIONS[word];
  if (closedBy === undefined) return null;
  const close = indexOf(located, at + 1, end, closedBy);
  if (close === null) return null;
  return {
    evaluated: { from: at + 1, to: close },
    isQuery: false,
    next: word === 'UNTIL' ? close : close + 1,
  };
}

function skipTo(next: number): Control {
  return { evaluated: null, isQuery: false, next };
}

/** `FOR r IN (SELECT …) DO`. */
function forAt(located: LocatedWords, at: number, end: number): Control | null {
  const close = indexOf(located, at + 3, end, 'DO');
  return close === null ? null : { evaluated: { from: at + 3, to: close }, isQuery: true, next: close + 1 };
}

/** `CASE x WHEN 1 THEN …; END CASE`, with or without what is compared. */
function caseAt(located: LocatedWords, at: number, end: number): Control | null {
  const when = indexOf(located, at + 1, end, 'WHEN');
  if (when === null) return null;
  return { evaluated: when === at + 1 ? null : { from: at + 1, to: when }, isQuery: false, next: when };
}

/** `RAISE`, or `RAISE USING MESSAGE = …`. */
function raiseAt({ words }: LocatedWords, at: number, end: number): Control | null {
  if (end === at + 1) return skipTo(end);
  const hasMessage = words[at + 2]?.text === 'MESSAGE' && words[at + 3]?.text === '=';
  return hasMessage ? { ...skipTo(end), evaluated: { from: at + 4, to: end } } : null;
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

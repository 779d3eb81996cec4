import { matchBrackets } from '../tokens/brackets.ts';
import { tokensOf } from '../tokens/tokens.ts';

/** A token that is not white space, with its place. */
export interface LocatedWord {
  /** As written; an unquoted word in upper case. */
  readonly text: string;
  /** Whether it is a word or a quoted name. */
  readonly isName: boolean;
  readonly start: number;
  readonly end: number;
}

/** The words of SQL, and which brackets belong together. */
export interface LocatedWords {
  readonly source: string;
  readonly words: readonly LocatedWord[];
  /** The index of the bracket that closes the one at an index; undefined if none does. */
  readonly closings: ReadonlyMap<number, number>;
}

/** Far more than anybody nests, and few enough for the stack of what goes through them. */
const MOST_OPEN = 500;

/**
 * Takes time linear in the length of the SQL. Null if brackets do not match, or too many are open at once.
 * @param source SQL without comments
 */
export function locateWords(source: string): LocatedWords | null {
  const words = wordsIn(source);
  const { closings, areWhole, deepest } = matchBrackets(words.map(({ text }) => text));
  return areWhole && deepest <= MOST_OPEN ? { source, words, closings } : null;
}

function wordsIn(source: string): readonly LocatedWord[] {
  const words: LocatedWord[] = [];
  let end = 0;
  for (const { whole, space, word, name } of tokensOf(source)) {
    const start = end;
    end += whole.length;
    if (space !== undefined) continue;
    const isName = word !== undefined || name !== undefined;
    if (whole === '>' && isPipe(words, start)) words.push({ text: '|>', isName, start: start - 1, end });
    else words.push({ text: word === undefined ? whole : word.toUpperCase(), isName, start, end });
  }
  return words;
}

/** Takes the bar before it from the words: `|>` is one. */
function isPipe(words: LocatedWord[], start: number): boolean {
  const bar = words.at(-1);
  if (bar?.text !== '|' || bar.end !== start) return false;
  words.pop();
  return true;
}

/** The indexes of the words from one index up to another that are not inside brackets there. */
export function* levelOf({ closings }: LocatedWords, from: number, to: number): Iterable<number> {
  for (let at = from; at < to; at = (closings.get(at) ?? at) + 1) yield at;
}

/** A name without its quotes; an unquoted one in upper case. */
export function unquoted({ text }: LocatedWord): string {
  return text.replaceAll('`', '');
}

import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { type Token, tokensOf } from '../tokens/tokens.ts';

/** SQL in which names have others in their place, as long as themselves. */
export interface PlainNames {
  readonly sql: string;
  /** What each name stands for. */
  readonly words: ReadonlyMap<string, string>;
}

/** SQL without any of these has no such name; before the dot of a decimal fraction, there is nothing but digits. */
const MAY_HAVE_ONE = /[\p{L}_@`)\]]\p{N}*\s*\.\s*\d/u;

const FIRST_LETTERS = [...'_abcdefghijklmnopqrstuvwxyz'];

/**
 * Puts a letter in place of the first digit of each name that begins with one, as in `FROM d.2026` or `t.7d_view`: polyglot
 * ends such a name only at a space, so that `d.2026,d.u` is one table to it, and does not read it in brackets. Null if there
 * is no such name, or if no letter makes a word of it that the SQL does not have. Takes time linear in the length of the SQL.
 */
export function plainNames(sql: string): PlainNames | null {
  if (!MAY_HAVE_ONE.test(sql)) return null;
  const { texts, names } = namesIn(sql);
  const letters = lettersFor(new Set(names.values()), sql);
  if (letters === null || names.size === 0) return null;
  for (const [at, name] of names) texts[at] = (texts[at] ?? '').replace(/\d/, letters.get(name) ?? '');
  const words = [...letters].map(([name, letter]): [string, string] => [letter + name.slice(1), name]);
  return { sql: texts.join(''), words: new Map(words) };
}

interface FoundNames {
  /** The whole SQL, token by token. */
  readonly texts: string[];
  /** By the index of the token that they begin with. */
  readonly names: ReadonlyMap<number, string>;
}

function namesIn(sql: string): FoundNames {
  const texts: string[] = [];
  const names = new Map<number, string>();
  let hasFields = false;
  let isAfterDot = false;
  for (const token of tokensOf(sql)) {
    const at = texts.push(token.whole) - 1;
    const begun = names.get(at - 1);
    // Nothing stands between its digits and its letters.
    if (begun !== undefined && token.word !== undefined) names.set(at - 1, begun + token.whole);
    if (token.space !== undefined) continue;
    const digits: string | null = hasFields ? digitsOf(token, isAfterDot) : null;
    if (digits !== null) names.set(at, digits);
    isAfterDot = hasFields && token.whole === '.';
    hasFields = isAfterDot || digits !== null || begun !== undefined || mayHaveFields(token);
  }
  return { texts, names };
}

/** The digits that a name begins with: the tokens of a fraction, `.5`, or of a dot and a number. */
function digitsOf({ whole, number }: Token, isAfterDot: boolean): string | null {
  if (number === undefined) return null;
  return (isAfterDot ? /^(\d+(?:e\d+)?)$/i : /^\.(\d+(?:e\d+)?)$/i).exec(whole)?.[1] ?? null;
}

function mayHaveFields({ whole, word, name }: Token): boolean {
  if (word !== undefined) return !RESERVED_WORDS.has(word.toUpperCase());
  return name !== undefined || whole === ')' || whole === ']';
}

/** For each name, a letter with which it is a word that stands nowhere in the SQL; null if one has none. */
function lettersFor(names: ReadonlySet<string>, sql: string): ReadonlyMap<string, string> | null {
  const taken = new Set(sql.toLowerCase().match(/[\p{L}\p{N}_]+/gu));
  const letters = new Map<string, string>();
  for (const name of names) {
    const letter = FIRST_LETTERS.find((tried) => !taken.has(tried + name.slice(1).toLowerCase()));
    if (letter === undefined) return null;
    taken.add(letter + name.slice(1).toLowerCase());
    letters.set(name, letter);
  }
  return letters;
}

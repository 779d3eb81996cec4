import { tokensOf } from '../tokens/tokens.ts';

/** A token that is not white space, in upper case, with its index among all tokens. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** The texts of all tokens, to be changed in place, and the words among them. */
export function wordsOf(sql: string): { readonly texts: string[]; readonly words: readonly Word[] } {
  const texts: string[] = [];
  const words: Word[] = [];
  for (const { whole, space } of tokensOf(sql)) {
    if (space === undefined) words.push({ text: whole.toUpperCase(), at: texts.length });
    texts.push(whole);
  }
  return { texts, words };
}

/**
 * The SQL with spaces in place of some of its words, and every other character in its place; null if there are none.
 * @param chosen which of all words
 */
export function blankWords(sql: string, chosen: (words: readonly Word[]) => readonly Word[]): string | null {
  const { texts, words } = wordsOf(sql);
  const blanked = chosen(words);
  blank(texts, blanked);
  return blanked.length === 0 ? null : texts.join('');
}

/** Puts spaces in place of words, in the texts that they belong to. */
export function blank(texts: string[], words: readonly Word[]): void {
  for (const { at } of words) texts[at] = ' '.repeat(texts[at]?.length ?? 0);
}

/**
 * For each bracket of a kind, parentheses if not told otherwise, the index of the one that closes it, if any does. Takes
 * time linear in the number of words.
 */
export function closingsOf(
  words: readonly Word[],
  [opens, closes] = ['(', ')'],
): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { text }] of words.entries()) {
    if (text === opens) open.push(index);
    const opening = text === closes ? open.pop() : undefined;
    if (opening !== undefined) closings.set(opening, index);
  }
  return closings;
}

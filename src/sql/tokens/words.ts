import { tokensOf } from './tokens.ts';

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

/** The index of the parenthesis that closes the one at an index; -1 if none does. */
export function closeOf(words: readonly Word[], open: number): number {
  let depth = 0;
  return words.findIndex(({ text }, index) => {
    if (index >= open && text === '(') depth += 1;
    if (index >= open && text === ')') depth -= 1;
    return index >= open && depth === 0;
  });
}

import { blankWords, closeOf, type Word } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot does not read what the ARRAY or STRUCT consists of that a function returns, as in `RETURNS ARRAY<STRING>`.
 * Only types are left out.
 */
export function removeReturnedTypes(sql: string): string | null {
  return blankWords(sql, (words) => words.flatMap((_, index) => typeAt(words, index)));
}

function typeAt(words: readonly Word[], index: number): readonly Word[] {
  const [returns, kind, open] = words.slice(index, index + 3);
  const isType = returns?.text === 'RETURNS' && (kind?.text === 'ARRAY' || kind?.text === 'STRUCT');
  if (!isType || open?.text !== '<') return [];
  const end = closeOf(words, index + 2, ['<', '>']);
  return end === -1 ? [] : words.slice(index + 2, end + 1);
}

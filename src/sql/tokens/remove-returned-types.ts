import { type Word, wordsOf } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot does not read what the ARRAY or STRUCT consists of that a function returns, as in `RETURNS ARRAY<STRING>`.
 * Only types are left out.
 */
export function removeReturnedTypes(sql: string): string | null {
  const { texts, words } = wordsOf(sql);
  const types = words.flatMap((_, index) => typeAt(words, index));
  for (const { at } of types) texts[at] = ' '.repeat(texts[at]?.length ?? 0);
  return types.length === 0 ? null : texts.join('');
}

function typeAt(words: readonly Word[], index: number): readonly Word[] {
  const [returns, kind, open] = words.slice(index, index + 3);
  const isType = returns?.text === 'RETURNS' && (kind?.text === 'ARRAY' || kind?.text === 'STRUCT');
  if (!isType || open?.text !== '<') return [];
  let depth = 0;
  const end = words.findIndex(({ text }, at) => {
    if (at > index + 1 && text === '<') depth += 1;
    if (at > index + 1 && text === '>') depth -= 1;
    return at > index + 1 && depth === 0;
  });
  return end === -1 ? [] : words.slice(index + 2, end + 1);
}

import { blankWords } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot reads neither `ARRAY(WITH …)`, which becomes a subquery without ARRAY, nor a comma at the end of a list
 * before its parenthesis, which is left out.
 */
export function removeOddLists(sql: string): string | null {
  return blankWords(sql, (words) => {
    const textAt = (index: number) => words[index]?.text;
    return words.filter(({ text }, index) => {
      if (text === ',') return textAt(index + 1) === ')';
      return text === 'ARRAY' && textAt(index + 1) === '(' && textAt(index + 2) === 'WITH';
    });
  });
}

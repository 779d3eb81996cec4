import { blankWords, closingsOf, type Word } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot does not read what the ARRAY or STRUCT consists of that a function returns, as in `RETURNS ARRAY<STRING>`.
 * Only types are left out.
 */
export function removeReturnedTypes(sql: string): string | null {
  return blankWords(sql, (words) => [...typesIn(words)]);
}

/** What stands inside one belongs to it. */
function* typesIn(words: readonly Word[]): Iterable<Word> {
  const closings = closingsOf(words, ['<', '>']);
  for (let index = 0; index < words.length; index += 1) {
    const end = isReturned(words, index) ? closings.get(index + 2) : undefined;
    if (end === undefined) continue;
    yield* words.slice(index + 2, end + 1);
    index = end;
  }
}

function isReturned(words: readonly Word[], index: number): boolean {
  const [returns, kind] = [words[index]?.text, words[index + 1]?.text];
  return returns === 'RETURNS' && (kind === 'ARRAY' || kind === 'STRUCT');
}

import { type Word, wordsOf } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend. Polyglot
 * does not read a call whose path ends with its third name in quotes, as in `` `p`.`d`.`f`(x) ``: that name gets
 * underscores. Nor does it read `HAVING MAX y` in most aggregate functions: it becomes a sum of both, which uses the same
 * columns.
 */
export function plainCalls(sql: string): string | null {
  const { texts, words } = wordsOf(sql);
  const names = words.filter((_, index) => isQuotedRoutine(words, index));
  const ranges = rangesIn(words);
  for (const { at } of names) texts[at] = '_'.repeat(texts[at]?.length ?? 0);
  for (const [having, most] of ranges) {
    texts[having.at] = '+'.padEnd(having.text.length);
    texts[most.at] = ' '.repeat(most.text.length);
  }
  return names.length + ranges.length === 0 ? null : texts.join('');
}

function isQuotedRoutine(words: readonly Word[], index: number): boolean {
  const textAt = (offset: number) => words[index + offset]?.text ?? '';
  const isLast = textAt(0).startsWith('`') && textAt(1) === '(';
  return isLast && textAt(-1) === '.' && textAt(-3) === '.';
}

/** `HAVING MAX` and `HAVING MIN` in calls; in the brackets of a query, a SELECT comes before. */
function rangesIn(words: readonly Word[]): readonly (readonly [having: Word, most: Word])[] {
  const ranges: (readonly [Word, Word])[] = [];
  /** For each bracket that is open, the last one last: whether a query may be in it. */
  const open: boolean[] = [];
  for (const [index, word] of words.entries()) {
    const most = words[index + 1];
    if (word.text === '(') open.push(false);
    else if (word.text === ')') open.pop();
    else if (word.text === 'SELECT' || word.text === 'FROM') open.splice(-1, 1, true);
    else if (
      word.text === 'HAVING' &&
      (most?.text === 'MAX' || most?.text === 'MIN') &&
      open.at(-1) === false
    )
      ranges.push([word, most]);
  }
  return ranges;
}

import { type Word, wordsOf } from './words.ts';

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend. Polyglot
 * does not read `HAVING MAX y` in most aggregate functions. It becomes an OR, which uses the same columns, and of which a
 * row may be an operand; what is chosen from may itself be a condition. The star of `COUNT(* HAVING MAX y)`, which reads no
 * column, becomes a number.
 */
export function plainExtremes(sql: string): string | null {
  const { texts, words } = wordsOf(sql);
  const extremes = extremesIn(words);
  for (const [index, having, most] of extremes) {
    const star = words[index - 2]?.text === '(' ? words[index - 1] : undefined;
    if (star?.text === '*') texts[star.at] = '1';
    texts[having.at] = 'OR'.padEnd(having.text.length);
    texts[most.at] = ' '.repeat(most.text.length);
  }
  return extremes.length === 0 ? null : texts.join('');
}

/** `HAVING MAX` and `HAVING MIN` in calls; in the brackets of a query, a SELECT comes before. */
function extremesIn(words: readonly Word[]): readonly (readonly [index: number, having: Word, most: Word])[] {
  const extremes: (readonly [number, Word, Word])[] = [];
  /** For each bracket that is open, the last one last: whether a query may be in it. */
  const open: boolean[] = [];
  for (const [index, word] of words.entries()) {
    const most = words[index + 1];
    if (word.text === '(') open.push(false);
    else if (word.text === ')') open.pop();
    else if (word.text === 'SELECT' || word.text === 'FROM') open.splice(-1, 1, true);
    else if (open.at(-1) === false && isExtreme(words, index) && most !== undefined)
      extremes.push([index, word, most]);
  }
  return extremes;
}

/** Polyglot knows it after IGNORE NULLS, and knows no OR there. */
function isExtreme(words: readonly Word[], index: number): boolean {
  const most = words[index + 1]?.text;
  const isKnown = words[index - 1]?.text === 'NULLS';
  return words[index]?.text === 'HAVING' && (most === 'MAX' || most === 'MIN') && !isKnown;
}

import { blankWords, closingsOf, type Word } from './words.ts';

const CLAUSE = ['FOR', 'SYSTEM_TIME', 'AS', 'OF'];

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot reads `FOR SYSTEM_TIME AS OF` neither with a call nor before ON and USING, so the clause is left out. BigQuery
 * allows no subquery and no column in it, so no table or column is lost; one with a subquery stays.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#for_system_time_as_of
 */
export function removeTimeTravel(sql: string): string | null {
  return blankWords(sql, (words) => {
    const closings = closingsOf(words);
    return words.flatMap((_, index) => clauseAt(words, index, closings));
  });
}

function clauseAt(
  words: readonly Word[],
  index: number,
  closings: ReadonlyMap<number, number>,
): readonly Word[] {
  if (!CLAUSE.every((word, offset) => words[index + offset]?.text === word)) return [];
  const clause = words.slice(index, endOfInstant(words, index + CLAUSE.length, closings));
  return clause.some(({ text }) => text === 'SELECT') ? [] : clause;
}

/** The end of a literal, a name, a call or something in parentheses, and of an interval added to it; 0 if it is open. */
function endOfInstant(words: readonly Word[], start: number, closings: ReadonlyMap<number, number>): number {
  const textAt = (index: number) => words[index]?.text ?? '';
  let end = textAt(start) === '(' ? start : start + 1;
  while (textAt(end) === '.') end += 2;
  if (textAt(end) === '(') end = (closings.get(end) ?? -1) + 1;
  else if (/^[RB]{0,2}["']/.test(textAt(end))) end += 1;
  const isShifted = /^[+-]$/.test(textAt(end)) && textAt(end + 1) === 'INTERVAL';
  return isShifted ? end + 4 : end;
}

import { closeOf, type Word, wordsOf } from './words.ts';

const BEFORE_INSTANT = ['FOR', 'SYSTEM_TIME', 'AS', 'OF'];

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot reads a table as of a literal, but not as of a call: `FOR SYSTEM_TIME AS OF f(x)` becomes
 * `FOR SYSTEM_TIME AS OF ''`. BigQuery allows no subquery and no column there, so no table or column is lost; a call with
 * a subquery stays.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#for_system_time_as_of
 */
export function removeInstantCalls(sql: string): string | null {
  const { texts, words } = wordsOf(sql);
  const calls = words.flatMap((_, index) => callAt(words, index));
  for (const call of calls) replaceCall(texts, call);
  return calls.length === 0 ? null : texts.join('');
}

/** The words of a call after these words: a name, perhaps with dots, or none, and what is in parentheses. */
function callAt(words: readonly Word[], index: number): readonly (readonly Word[])[] {
  if (!BEFORE_INSTANT.every((word, offset) => words[index + offset]?.text === word)) return [];
  const start = index + BEFORE_INSTANT.length;
  let open = words[start]?.text === '(' ? start : start + 1;
  while (words[open]?.text === '.') open += 2;
  const end = words[open]?.text === '(' ? closeOf(words, open) : -1;
  const call = words.slice(start, end + 1);
  return end === -1 || call.some(({ text }) => text === 'SELECT') ? [] : [call];
}

/** A call has two characters at the least. */
function replaceCall(texts: string[], call: readonly Word[]): void {
  const [first] = call;
  const last = call.at(-1);
  if (first === undefined || last === undefined) return;
  const inside = texts.slice(first.at, last.at + 1).join('');
  texts.fill('', first.at, last.at + 1);
  texts[first.at] = `''${inside.slice(2).replace(/\S/gu, ' ')}`;
}

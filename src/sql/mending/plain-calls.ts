import { standInFor } from './unused-name.ts';
import { type Word, wordsOf } from './words.ts';

/** SQL in which routines have other names in their place, as long as their own. */
export interface PlainCalls {
  readonly sql: string;
  /** What each name stands for. */
  readonly words: ReadonlyMap<string, string>;
}

/** Far more than anybody calls in one query; a name is looked for in all of the SQL for each. */
const MOST_ROUTINES = 100;

/**
 * Puts names without quotes in place of those that polyglot does not read: it does not know a call whose path ends with its
 * third name in quotes, as in `` `p`.`d`.`f`(x) ``. Columns after a table look alike, as in ``INSERT INTO `p`.`d`.`t`(a)``,
 * so each stand-in is to be replaced with its name in what was parsed. Null if there is no such name, or more of
 * them than can be replaced.
 */
export function plainCalls(sql: string): PlainCalls | null {
  const { texts, words } = wordsOf(sql);
  const standIns = new Map<string, string>();
  for (const { at } of words.filter((_, index) => isQuotedRoutine(words, index))) {
    const name = texts[at] ?? '';
    const standIn = standIns.get(name) ?? standInFor(name, sql, new Set(standIns.values()));
    if (standIn === null) return null;
    standIns.set(name, standIn);
    if (standIns.size > MOST_ROUTINES) return null;
    texts[at] = standIn;
  }
  if (standIns.size === 0) return null;
  const names = [...standIns].map(([name, standIn]): [string, string] => [standIn, name.slice(1, -1)]);
  return { sql: texts.join(''), words: new Map(names) };
}

function isQuotedRoutine(words: readonly Word[], index: number): boolean {
  const textAt = (offset: number) => words[index + offset]?.text ?? '';
  const isLast = textAt(0).startsWith('`') && textAt(1) === '(';
  return isLast && textAt(-1) === '.' && textAt(-3) === '.';
}

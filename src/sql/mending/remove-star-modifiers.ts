import { blank, closingsOf, type Word, wordsOf } from './words.ts';

/** `EXCEPT (…)` or `REPLACE (…)`. */
interface Modifier {
  readonly keyword: Word;
  readonly open: Word;
  readonly inside: readonly Word[];
  readonly close: Word;
}

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot reads `(…).*`, all fields of a value, but not what may follow it. So `(…).* EXCEPT (a)` becomes `(…).*`, and
 * `(…).* REPLACE (f(x) AS a)` becomes `(…).*, f(x) AS a`, which loses no table or column that the SQL names.
 */
export function removeStarModifiers(sql: string): string | null {
  const { texts, words } = wordsOf(sql);
  const closings = closingsOf(words);
  const modifiers = words.flatMap((_, index) =>
    isStarOfValue(words, index) ? modifiersAt(words, index + 1, closings) : [],
  );
  for (const modifier of modifiers) removeModifier(texts, modifier);
  return modifiers.length === 0 ? null : texts.join('');
}

function isStarOfValue(words: readonly Word[], index: number): boolean {
  const [value, dot, star] = words.slice(Math.max(0, index - 2), index + 1).map(({ text }) => text);
  return star === '*' && dot === '.' && (value === ')' || value === ']');
}

function modifiersAt(
  words: readonly Word[],
  index: number,
  closings: ReadonlyMap<number, number>,
): readonly Modifier[] {
  const [keyword, open] = words.slice(index, index + 2);
  const isModifier = keyword?.text === 'EXCEPT' || keyword?.text === 'REPLACE';
  if (keyword === undefined || !isModifier || open?.text !== '(') return [];
  const end = closings.get(index + 1) ?? words.length;
  const close = words[end];
  if (close === undefined) return [];
  const inside = words.slice(index + 2, end);
  return [{ keyword, open, inside, close }, ...modifiersAt(words, end + 1, closings)];
}

function removeModifier(texts: string[], { keyword, open, inside, close }: Modifier): void {
  const isList = keyword.text === 'REPLACE';
  blank(texts, [keyword, open, ...(isList ? [] : inside), close]);
  if (isList) texts[keyword.at] = ','.padEnd(keyword.text.length);
}

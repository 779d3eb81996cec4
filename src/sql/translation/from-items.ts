import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { type LocatedWord, type LocatedWords, levelOf, unquoted } from './located-words.ts';

/** An item of a FROM clause, or what a JOIN adds. */
export interface FromItem {
  /** The name that later operators use for its rows, without quotes; null if it has none. */
  readonly name: string | null;
  readonly hasAlias: boolean;
  /** Whether it is a table's path and nothing else, apart from an alias. */
  readonly isPlainTable: boolean;
  /** The first name of a path of several, by which its columns may be qualified too. */
  readonly firstOfPath: string | null;
}

const ENDS_ITEM: ReadonlySet<string> = new Set([
  ...[',', 'JOIN', 'INNER', 'CROSS', 'LEFT', 'RIGHT', 'FULL', 'ON', 'USING', 'WHERE'],
]);

/** Words that may follow an item, and are no aliases there. */
const OPERATORS: ReadonlySet<string> = new Set(['PIVOT', 'UNPIVOT', 'MATCH_RECOGNIZE']);

/** The items of a FROM clause, or of what follows a JOIN, between two words. */
export function fromItemsIn(located: LocatedWords, from: number, to: number): readonly FromItem[] {
  const items: FromItem[] = [];
  let item: number[] = [];
  let isItem = true;
  for (const at of levelOf(located, from, to)) {
    const text = located.words[at]?.text ?? '';
    if (!ENDS_ITEM.has(text)) {
      if (isItem) item.push(at);
      continue;
    }
    items.push(...itemOf(located, item));
    item = [];
    if (text === ',' || text === 'JOIN') isItem = true;
    else if (text === 'ON' || text === 'USING') isItem = false;
  }
  return [...items, ...itemOf(located, item)];
}

function itemOf(located: LocatedWords, indexes: readonly number[]): readonly FromItem[] {
  const words = indexes.flatMap((at) => located.words[at] ?? []);
  const [first, ...others] = words;
  if (first === undefined) return [];
  const inner = first.text === '(' ? itemsInBrackets(located, indexes[0] ?? 0) : null;
  const length = lengthOfPath(words);
  const alias = aliasIn(words, Math.max(length, 1));
  if (inner !== null && alias === null) return inner;
  const last = words[length - 1];
  const isTable = length > 0 && words[length]?.text !== '(' && first.text !== 'UNNEST';
  const own = isTable && last !== undefined ? lastNameOf(last) : null;
  const isPath = length > 1 || (isTable && first.text.includes('.'));
  return [
    {
      name: alias === null ? own : unquoted(alias),
      hasAlias: alias !== null,
      isPlainTable:
        isTable && others.length === length - 1 + (alias === null ? 0 : aliasLength(words, length)),
      firstOfPath: isPath && alias === null ? unquoted(first) : null,
    },
  ];
}

/** Joins in parentheses; null for a query. */
function itemsInBrackets(located: LocatedWords, open: number): readonly FromItem[] | null {
  const first = located.words[open + 1]?.text ?? '';
  if (first === 'SELECT' || first === 'FROM' || first === 'WITH') return null;
  return fromItemsIn(located, open + 1, located.closings.get(open) ?? open + 1);
}

/** How many words the path has that an item begins with: `my-project.d.t` has seven. */
export function lengthOfPath(words: readonly LocatedWord[]): number {
  if (words[0]?.isName !== true) return 0;
  let length = 1;
  // Words of a path stand close together; an alias does not.
  while (isJoint(words, length)) length += 1;
  return length;
}

function isJoint(words: readonly LocatedWord[], at: number): boolean {
  const [before, word] = [words[at - 1], words[at]];
  if (before === undefined || word === undefined) return false;
  if (word.text === '.' || before.text.endsWith('.')) return true;
  return before.end === word.start && word.text !== '(' && word.text !== '[';
}

/** Of rows that PIVOT and the like give another shape, the alias after it. */
function aliasIn(words: readonly LocatedWord[], from: number): LocatedWord | null {
  const last = words.at(-1);
  if (words.some(({ text }) => OPERATORS.has(text)) && last?.isName === true && !OPERATORS.has(last.text))
    return last;
  const as = words.findIndex(
    ({ text }, at) => text === 'AS' && at >= from && words[at - 1]?.text !== 'OFFSET',
  );
  if (as !== -1 && words[as + 1]?.isName === true && words[as - 1]?.text !== 'SYSTEM_TIME')
    return words[as + 1] ?? null;
  const next = words.slice(from).find(({ text }) => text !== '(' && text !== '[');
  return next?.isName === true && !RESERVED_WORDS.has(next.text) && !OPERATORS.has(next.text) ? next : null;
}

function aliasLength(words: readonly LocatedWord[], from: number): number {
  return words[from]?.text === 'AS' ? 2 : 1;
}

/** The last part of a quoted path is its name. */
function lastNameOf(word: LocatedWord): string {
  return unquoted(word).split('.').at(-1) ?? '';
}

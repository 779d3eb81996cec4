import type { Chain } from '../chain.ts';
import { type Aliased, aliasedExpressions, findOnLevel, splitList, type WordRange } from '../lists.ts';
import { type LocatedWord, unquoted } from '../located-words.ts';
import type { Piece } from '../pieces.ts';
import type { PipeOperator } from '../pipe-operators.ts';
import { Untranslatable } from '../untranslatable.ts';

/** Operators that say which columns go on. */

export function select(chain: Chain, operator: PipeOperator): void {
  const { list, windows } = listOf(chain, operator);
  const isDistinct = chain.text(list.from) === 'DISTINCT';
  const { limit, orderBy } = chain.draft;
  const isLate = limit.length > 0 || (isDistinct && orderBy.length > 0);
  const from = isDistinct ? list.from + 1 : list.from;
  if (givesOtherMeaning(chain, operator, aliasedExpressions(chain.located, from, list.to)))
    chain.nestInOrder(operator);
  else if (chain.draft.list !== null || (isLate && (isDistinct || hasWindow(chain, operator))))
    chain.nest(operator);
  chain.draft.isDistinct = isDistinct;
  chain.draft.list = chain.copy({ from, to: list.to });
  chain.draft.windows = windows;
  loseNames(chain);
}

export function extend(chain: Chain, operator: PipeOperator): void {
  const { list, windows } = listOf(chain, operator);
  const items = aliasedExpressions(chain.located, list.from, list.to);
  const listed = (isNarrowedLater: boolean) => [
    ...chain.star(isNarrowedLater, operator),
    chain.word(', ', operator),
    ...chain.copy(list),
  ];
  addColumns(chain, operator, { items, windows, listed });
}

/** The columns of a star are replaced; the name of the rows still means what was there before. */
export function set(chain: Chain, operator: PipeOperator): void {
  const items = splitList(chain.located, operator.from, operator.to).map(({ from, to }) => {
    if (chain.text(from + 1) !== '=') throw new Untranslatable();
    return { expression: { from: from + 2, to }, alias: from };
  });
  const listed = (isNarrowedLater: boolean) => [
    ...chain.star(isNarrowedLater, operator),
    chain.word(' REPLACE (', operator),
    ...aliased(chain, operator, items).slice(1),
    chain.word(')', operator),
  ];
  addColumns(chain, operator, { items, windows: [], listed });
}

export function rename(chain: Chain, operator: PipeOperator): void {
  const items = splitList(chain.located, operator.from, operator.to).map(({ from, to }) => ({
    expression: { from, to: from + 1 },
    alias: to - 1,
  }));
  const old = withoutNamedLater(
    chain,
    operator,
    items.map(({ expression }) => expression),
  );
  const listed = (isNarrowedLater: boolean) => [
    ...chain.star(isNarrowedLater, operator, old),
    ...aliased(chain, operator, items),
  ];
  addColumns(chain, operator, { items, windows: [], listed });
}

export function drop(chain: Chain, operator: PipeOperator): void {
  // Joined rows keep their names, by which each of their columns can still be named.
  if (chain.draft.isJoined) return;
  const names = splitList(chain.located, operator.from, operator.to);
  const dropped = withoutNamedLater(chain, operator, names);
  if (dropped.length === 0) return;
  if (chain.draft.list !== null) chain.nest(operator);
  chain.draft.list = chain.star(operator.isNarrowedLater, operator, dropped);
}

/** The names of columns to leave out: not of one that a later operator still names by the name of its row. */
function withoutNamedLater(
  chain: Chain,
  operator: PipeOperator,
  names: readonly WordRange[],
): readonly (readonly Piece[])[] {
  const { name: row } = chain.draft;
  return names
    .filter((name) => row === null || !operator.namesLater(row, unquotedAt(chain, name.from)))
    .map((name) => chain.copy(name));
}

function unquotedAt({ located }: Chain, at: number): string {
  const word = located.words[at];
  return word === undefined ? '' : unquoted(word);
}

/** Columns that an operator adds. */
interface Added {
  readonly items: readonly Aliased[];
  readonly windows: readonly Piece[];
  /** What the list of the SELECT says then, with all other columns. */
  readonly listed: (isNarrowedLater: boolean) => readonly Piece[];
}

/**
 * Adds columns to all others. Joined rows keep their names only in the same FROM, where each new column becomes an array
 * with one element.
 */
function addColumns(chain: Chain, operator: PipeOperator, { items, windows, listed }: Added): void {
  const isWindowed = hasWindow(chain, operator);
  const names = items.flatMap((item) => nameOf(chain, item) ?? []);
  if (hidesColumns(chain, operator, names)) throw new Untranslatable();
  if (givesOtherMeaning(chain, operator, items)) chain.nestInOrder(operator);
  if (chain.draft.isJoined && names.some((name) => chain.draft.tested.has(name))) chain.nest(operator);
  if (chain.draft.isJoined && !isWindowed && chain.draft.isOfRows && chain.draft.qualify.length === 0) {
    for (const item of items) chain.draft.from.push(...arrayOf(chain, operator, item));
    return;
  }
  const { list, limit, qualify } = chain.draft;
  if (list !== null || (isWindowed && (limit.length > 0 || qualify.length > 0))) chain.nest(operator);
  // Joined rows lose their names here, by which later operators may name any column.
  const { isJoined } = chain.draft;
  const lost = isJoined ? chain.lostNames(operator, operator.to) : [];
  chain.draft.list = [...listed(operator.isNarrowedLater && !isJoined), ...lost];
  chain.draft.windows = windows;
  if (isJoined) loseNames(chain);
}

/**
 * Whether a new column has the name of another one in a condition on windows or in ORDER BY: in standard syntax, these come
 * after the list, and would mean the new one.
 */
function givesOtherMeaning(chain: Chain, operator: PipeOperator, items: readonly Aliased[]): boolean {
  const { qualifiedBy, orderedBy } = chain.draft;
  return items.some((item) => {
    const { from, to } = item.expression;
    const row = chain.located.words[from];
    const isOfRow = to - from === 3 && row !== undefined && operator.rows.has(unquoted(row).toUpperCase());
    const name = item.alias === null && isOfRow ? null : nameOf(chain, item);
    return name !== null && (qualifiedBy.has(name) || orderedBy.has(name));
  });
}

/**
 * Whether new columns take the place of what later operators name: the name of a row still means the row as it was before
 * them, and only joined rows keep their names here as BigQuery does.
 */
function hidesColumns({ draft }: Chain, operator: PipeOperator, names: readonly string[]): boolean {
  const { isJoined, name: row } = draft;
  return names.some((name) =>
    isJoined ? operator.rows.has(name) : row !== null && operator.namesLater(row, name),
  );
}

/** The name of a new column in upper case: its alias, or the last part of a path that is no column of the rows so far. */
function nameOf({ located, draft }: Chain, { expression, alias }: Aliased): string | null {
  const { from, to } = expression;
  const last = located.words[alias ?? to - 1];
  if (last === undefined || !last.isName) return null;
  const row = located.words[from];
  const isSame = to - from === 1 || (to - from === 3 && row !== undefined && isRow(row, draft.name));
  return alias === null && isSame ? null : unquoted(last).toUpperCase();
}

function isRow(word: LocatedWord, name: string | null): boolean {
  return unquoted(word).toUpperCase() === name?.toUpperCase();
}

function arrayOf(chain: Chain, operator: PipeOperator, { expression, alias }: Aliased): readonly Piece[] {
  const name =
    alias === null ? [] : [chain.word(' AS ', operator), ...chain.copy({ from: alias, to: alias + 1 })];
  return [
    chain.word(' INNER JOIN UNNEST([', operator),
    ...chain.copy(expression),
    chain.word('])', operator),
    ...name,
    chain.word(' ON TRUE', operator),
  ];
}

/** Each with a comma before it. */
function aliased(chain: Chain, operator: PipeOperator, items: readonly Aliased[]): readonly Piece[] {
  return items.flatMap(({ expression, alias }) => [
    chain.word(', ', operator),
    ...chain.copy(expression),
    ...(alias === null ? [] : [chain.word(' AS ', operator), ...chain.copy({ from: alias, to: alias + 1 })]),
  ]);
}

/** A list, and the named windows after it. */
function listOf(
  chain: Chain,
  operator: PipeOperator,
): { readonly list: WordRange; readonly windows: readonly Piece[] } {
  const { from, to } = operator;
  const end = findOnLevel(chain.located, { from, to }, 'WINDOW');
  const last = chain.text(end - 1) === ',' ? end - 1 : end;
  if (last <= from) throw new Untranslatable();
  return { list: { from, to: last }, windows: end === to ? [] : chain.copy({ from: end + 1, to }) };
}

/** Whether an operator looks at several rows for each. */
export function hasWindow(chain: Chain, { from, to }: PipeOperator): boolean {
  return chain.located.words.slice(from, to).some(({ text }) => text === 'OVER');
}

function loseNames(chain: Chain): void {
  chain.draft.name = null;
  chain.draft.isJoined = false;
}

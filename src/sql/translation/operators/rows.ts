import type { Chain } from '../chain.ts';
import { findOnLevel, namesOutsidePaths, splitList, type WordRange, withoutOrder } from '../lists.ts';
import type { Piece } from '../pieces.ts';
import type { PipeOperator } from '../pipe-operators.ts';
import { Untranslatable } from '../untranslatable.ts';
import { hasWindow } from './columns.ts';

/** Operators that say which rows go on, and how they are grouped and ordered. */

export function where(chain: Chain, operator: PipeOperator): void {
  const condition = chain.copy(operator);
  const isWindowed = hasWindow(chain, operator);
  const { isOfRows, isJoined, qualify } = chain.draft;
  // Conditions on windows come after all others. Only for joined rows, later ones stay with them.
  const isAfterWindow = qualify.length > 0 && !isWindowed && !isJoined;
  if (!isOfRows || isAfterWindow) chain.nest(operator);
  const isLast = isWindowed || chain.draft.qualify.length > 0;
  (isLast ? chain.draft.qualify : chain.draft.where).push(condition);
  for (const name of namesOutsidePaths(chain.located, operator)) {
    if (isJoined) chain.draft.tested.add(name);
    if (isLast) chain.draft.qualifiedBy.add(name);
  }
}

export function aggregate(chain: Chain, operator: PipeOperator): void {
  const { located } = chain;
  const { from, to } = operator;
  const isOrdered = findOnLevel(located, { from, to }, 'GROUP', 'AND', 'ORDER', 'BY');
  const group = Math.min(isOrdered, findOnLevel(located, { from, to }, 'GROUP', 'BY'));
  const keysFrom = Math.min(to, group + (isOrdered < to ? 4 : 2));
  if (!chain.draft.isOfRows || chain.draft.orderBy.length + chain.draft.qualify.length > 0)
    chain.nest(operator);
  const keys = splitList(located, keysFrom, to).map((key) => withoutOrder(located, key));
  const sums = splitList(located, from, group).map((sum) => withoutOrder(located, sum));
  const listed = [...keys.flatMap((key) => columnsOfKey(chain, key)), ...sums];
  if (listed.length === 0) throw new Untranslatable();
  chain.draft.list = separated(
    chain,
    operator,
    listed.map((each) => chain.copy(each)),
  );
  chain.draft.groupBy = separated(
    chain,
    operator,
    keys.map((key, index) => groupedBy(chain, operator, key, index)),
  );
  chain.draft.name = null;
  chain.draft.isJoined = false;
}

/** ROLLUP, CUBE and GROUPING SETS are written as they stand; any other key by its place in the list. */
function groupedBy(chain: Chain, operator: PipeOperator, key: WordRange, index: number): readonly Piece[] {
  return isOfSets(chain, key) ? chain.copy(key) : [chain.word(String(index + 1), operator)];
}

function isOfSets(chain: Chain, { from }: WordRange): boolean {
  return ['ROLLUP', 'CUBE', 'GROUPING'].includes(chain.text(from)) && chain.text(from + 1) !== '.';
}

/** What a key adds to the columns: of sets, each expression in them. */
function columnsOfKey(chain: Chain, key: WordRange): readonly WordRange[] {
  if (!isOfSets(chain, key)) return [key];
  const words = chain.located.words.slice(key.from, key.to);
  // It is written twice, which queries in it must not be.
  if (words.some(({ text }) => text === 'SELECT' || text === '|>')) throw new Untranslatable();
  return expressionsInSets(chain, key);
}

/** How many words stand before the list of sets. */
const WORDS_BEFORE_SETS: ReadonlyMap<string, number> = new Map([
  ['ROLLUP', 1],
  ['CUBE', 1],
  ['GROUPING', 2],
]);

function expressionsInSets(chain: Chain, { from, to }: WordRange): readonly WordRange[] {
  const open = from + (WORDS_BEFORE_SETS.get(chain.text(from)) ?? 0);
  const isSet = chain.text(open) === '(' && chain.located.closings.get(open) === to - 1;
  if (!isSet) return [{ from, to }];
  return splitList(chain.located, open + 1, to - 1).flatMap((inner) => expressionsInSets(chain, inner));
}

function separated(
  chain: Chain,
  operator: PipeOperator,
  items: readonly (readonly Piece[])[],
): readonly Piece[] {
  return items.flatMap((item, index) => [...(index === 0 ? [] : [chain.word(', ', operator)]), ...item]);
}

export function distinct(chain: Chain, operator: PipeOperator): void {
  const { isOfRows, orderBy, qualify, isDistinct } = chain.draft;
  if (isDistinct) return;
  if (!isOfRows || orderBy.length > 0 || qualify.length > 0) chain.nest(operator);
  chain.draft.list = chain.star(false, operator);
  chain.draft.isDistinct = true;
  if (chain.draft.isJoined) {
    chain.draft.name = null;
    chain.draft.isJoined = false;
  }
}

export function order(chain: Chain, operator: PipeOperator): void {
  if (chain.text(operator.from) !== 'BY') throw new Untranslatable();
  if (chain.draft.limit.length > 0) chain.nest(operator);
  chain.draft.orderBy = chain.copy({ from: operator.first, to: operator.to });
  chain.draft.orderedBy = new Set(namesOutsidePaths(chain.located, operator));
}

export function limit(chain: Chain, operator: PipeOperator): void {
  if (chain.draft.limit.length > 0) chain.nest(operator);
  chain.draft.limit = chain.copy({ from: operator.first, to: operator.to });
}

/** Only a table can be sampled in standard syntax; anything else counts as read whole. */
export function tableSample(chain: Chain, operator: PipeOperator): void {
  const { draft } = chain;
  if (draft.isBare && draft.isPlainTable && !draft.isJoined)
    draft.from.push(chain.word(' TABLESAMPLE ', operator), ...chain.copy(operator));
}

import type { Chain } from '../chain.ts';
import { findOnLevel, splitList } from '../lists.ts';
import { unquoted } from '../located-words.ts';
import type { PipeOperator } from '../pipe-operators.ts';
import { Untranslatable } from '../untranslatable.ts';

/** Operators that bring in other rows, or give the rows another name or another shape. */

export function join(chain: Chain, operator: PipeOperator): void {
  const { draft } = chain;
  const isFirst = draft.isOfRows && draft.orderBy.length === 0 && draft.qualify.length === 0;
  // A condition must not become one on the table that is added: on one of several, or on that of its name.
  if (!isFirst || (draft.where.length > 0 && !(draft.isJoined && chain.isFlat))) chain.nest(operator);
  chain.draft.from.push(chain.word(' ', operator), ...chain.copy({ from: operator.first, to: operator.to }));
  chain.draft.isJoined = true;
}

export function as(chain: Chain, operator: PipeOperator): void {
  const word = chain.located.words[operator.from];
  if (word === undefined || !word.isName || operator.to !== operator.from + 1) throw new Untranslatable();
  const { isBare, isJoined, hasAlias } = chain.draft;
  if (!isBare || isJoined || hasAlias) {
    chain.draft.name = null;
    chain.nest(operator);
  }
  chain.draft.from.push(chain.word(' AS ', operator), ...chain.copy(operator));
  chain.draft.name = unquoted(word);
  chain.draft.hasAlias = true;
}

/** The rows so far are the function's first table. */
export function call(chain: Chain, operator: PipeOperator): void {
  const { closings } = chain.located;
  const open = findOnLevel(chain.located, operator, '(');
  const close = closings.get(open);
  if (close === undefined || close >= operator.to) throw new Untranslatable();
  chain.flatten(operator);
  const table = chain.finished(operator);
  chain.addSubquery();
  const word = (text: string) => chain.word(text, operator);
  const from = [
    ...chain.copy({ from: operator.from, to: open }),
    word('(('),
    ...table,
    word(close === open + 1 ? ')' : '), '),
    ...chain.copy({ from: open + 1, to: close }),
    word(') '),
    ...chain.copy({ from: close + 1, to: operator.to }),
  ];
  chain.readFrom(from, null, operator);
  nameBy(chain, close, operator);
}

/** PIVOT and the like, which come after what they are about. */
export function rotate(chain: Chain, operator: PipeOperator): void {
  const { isBare, isJoined, hasAlias, isPlainTable } = chain.draft;
  if (!isBare || isJoined || hasAlias || !isPlainTable) {
    chain.draft.name = null;
    chain.nest(operator);
  }
  const open = findOnLevel(chain.located, operator, '(');
  const close = chain.located.closings.get(open);
  if (close === undefined || close >= operator.to) throw new Untranslatable();
  chain.draft.from.push(chain.word(' ', operator), ...chain.copy({ from: operator.first, to: operator.to }));
  const from = chain.draft.from;
  chain.readFrom(from, null, operator);
  nameBy(chain, close, operator);
}

/** By the alias after the brackets. */
function nameBy(chain: Chain, close: number, { to }: PipeOperator): void {
  const last = chain.located.words[to - 1];
  if (last === undefined || close === to - 1) return;
  chain.draft.name = unquoted(last);
  chain.draft.hasAlias = true;
}

/** UNION, INTERSECT and EXCEPT with queries in brackets. */
export function combine(chain: Chain, operator: PipeOperator): void {
  const queries = splitList(chain.located, operator.from, operator.to);
  const open = findOnLevel(chain.located, operator, '(');
  if (open >= operator.to) throw new Untranslatable();
  const way = { from: operator.first, to: open };
  chain.flatten(operator);
  const left = chain.finished(operator);
  const word = (text: string) => chain.word(text, operator);
  const others = queries.flatMap(({ to }, index) => {
    const from = index === 0 ? open : (queries[index]?.from ?? open);
    if (chain.text(from) !== '(' || chain.located.closings.get(from) !== to - 1) throw new Untranslatable();
    return [word(' '), ...chain.copy(way), word(' '), ...chain.copy({ from, to })];
  });
  chain.addSubquery();
  chain.readFrom([word('(('), ...left, word(')'), ...others, word(')')], null, operator);
}

/** What came before does not see the new common tables. */
export function withTables(chain: Chain, operator: PipeOperator): void {
  // Where tables may name later ones, what came before would see the new ones; and a common table sees no rows around it.
  if (chain.isRecursive || chain.text(operator.from) === 'RECURSIVE' || !chain.isFlat)
    throw new Untranslatable();
  chain.nestAsCommon(operator);
  for (const table of splitList(chain.located, operator.from, operator.to))
    chain.common.push(chain.copy(table));
}

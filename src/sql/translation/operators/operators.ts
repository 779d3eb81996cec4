import type { Chain } from '../chain.ts';
import type { PipeOperator } from '../pipe-operators.ts';
import { drop, extend, rename, select, set } from './columns.ts';
import { aggregate, distinct, limit, order, tableSample, where } from './rows.ts';
import { as, call, combine, join, rotate, withTables } from './sources.ts';

/** What each pipe operator of GoogleSQL adds to a chain, by its keyword; for others, there is no translation. */
export const OPERATORS: ReadonlyMap<string, (chain: Chain, operator: PipeOperator) => void> = new Map([
  ['SELECT', select],
  ['EXTEND', extend],
  ['WINDOW', extend],
  ['SET', set],
  ['DROP', drop],
  ['RENAME', rename],
  ['WHERE', where],
  ['AGGREGATE', aggregate],
  ['DISTINCT', distinct],
  ['ORDER', order],
  ['LIMIT', limit],
  ['TABLESAMPLE', tableSample],
  ['AS', as],
  ['JOIN', join],
  ['CALL', call],
  ['PIVOT', rotate],
  ['UNPIVOT', rotate],
  ['MATCH_RECOGNIZE', rotate],
  ['UNION', combine],
  ['INTERSECT', combine],
  ['EXCEPT', combine],
  ['WITH', withTables],
]);

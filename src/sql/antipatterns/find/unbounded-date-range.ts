import { type Detector, type Found, found, type Sight } from '../detector.ts';
import { filteringNames, isolatedColumn, tablesOf } from '../queries/columns.ts';
import { bothWays, type Comparison, comparisonIn, isConstant } from '../queries/comparisons.ts';
import type { Select } from '../queries/queries.ts';
import { type ColumnBody, columnsIn, conjunctsOf, nameOf, nodesIn } from '../queries/tree.ts';
import { conditionAround } from '../source/places.ts';

/**
 * A range of dates with one end: all history before a day, or all since a day that is written out, which grows by a
 * day each day. `>= CURRENT_DATE() - 7` is no such range, for there is nothing after today. A candidate of any column.
 */
export const unboundedDateRange: Detector = {
  name: 'unbounded-date-range',
  find(sight) {
    return sight.queries.selects.flatMap((select) => {
      const conjuncts = conjunctsOf(select.body.where_clause?.this);
      const bounds = conjuncts.flatMap((conjunct) => boundIn(comparisonIn(conjunct)) ?? []);
      return bounds
        .filter((bound) => !isBoundedElsewhere(select, bound, bounds))
        .flatMap(({ column }) => findings(sight, select, column));
    });
  },
};

interface Bound {
  readonly column: ColumnBody;
  readonly end: 'lower' | 'upper';
}

/** The end that a comparison gives to a range, where the range has no other end by its nature. */
function boundIn(comparison: Comparison | null): Bound | null {
  if (comparison === null) return null;
  const ends = bothWays(comparison).flatMap(({ left, operator, right: [value] }) => {
    const column = isolatedColumn(left);
    const end = value !== undefined && isConstant(value) ? endOf(operator, value) : null;
    return column === null || end === null ? [] : [{ column, end }];
  });
  return ends[0] ?? null;
}

function endOf(operator: Comparison['operator'], value: Comparison['left']): Bound['end'] | null {
  if (operator === '<' || operator === '<=') return isNumber(value) ? null : 'upper';
  if (operator === '>' || operator === '>=') return isWrittenOut(value) ? 'lower' : null;
  return null;
}

function isNumber(value: Comparison['left']): boolean {
  const nodes = nodesIn(value);
  return (
    nodes.length === 1 && nodes.every((node) => 'literal' in node && node.literal.literal_type === 'number')
  );
}

/** A day written out: no parameter, nothing of the day on which the query runs. */
function isWrittenOut(value: Comparison['left']): boolean {
  const nodes = nodesIn(value);
  return (
    nodes.some((node) => isDateCall(node) || ('literal' in node && node.literal.literal_type !== 'number')) &&
    nodes.every((node) => 'literal' in node || 'cast' in node || 'timestamp' in node || isDateCall(node))
  );
}

function isDateCall(node: Comparison['left']): boolean {
  return 'function' in node && ['DATE', 'DATETIME', 'TIMESTAMP'].includes(node.function.name.toUpperCase());
}

/** Whether anything else says of the same column where the range ends; what is hard to read counts as if it did. */
function isBoundedElsewhere(select: Select, { column, end }: Bound, bounds: readonly Bound[]): boolean {
  const name = nameOf(column);
  const same = bounds.filter((bound) => nameOf(bound.column) === name);
  const { body, readers } = select;
  const mentions = columnsIn([body.where_clause, body.qualify, body.joins.map(({ on }) => on)]);
  const isUsed = body.joins.some(({ using }) => using.some((one) => one.name.toLowerCase() === name));
  return (
    isUsed ||
    same.some((bound) => bound.end !== end) ||
    mentions.filter((mention) => nameOf(mention) === name).length > same.length ||
    readers.some((reader) => filteringNames(reader).size > 0)
  );
}

function findings({ text }: Sight, select: Select, column: ColumnBody): readonly Found[] {
  const token = text.tokenAt(column);
  return tablesOf(select, column).flatMap((table) =>
    found(token === null ? null : conditionAround(text, token), {
      table,
      column,
      onlyIf: { kind: 'partitioned-by-column' },
    }),
  );
}

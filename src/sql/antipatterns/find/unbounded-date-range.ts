import { isolatedColumn } from '../../columns/isolated-column.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { conditionAround } from '../places.ts';
import { isFilteredByReaders, tablesOf } from '../queries/columns.ts';
import { bothDirections, type Comparison, comparisonIn, isConstant } from '../queries/comparisons.ts';
import type { Select } from '../queries/queries.ts';
import { type ColumnBody, columnsIn, conjunctsOf, nameOf, nodesIn } from '../queries/tree.ts';

/**
 * A date range with one end: all history before a day, or everything since a day that is written out, which grows by a
 * day each day. `>= CURRENT_DATE() - 7` does not count, since nothing comes after today. A candidate for any column.
 */
export const unboundedDateRange: Detector = {
  name: 'unbounded-date-range',
  find(context) {
    return context.queries.selects.flatMap((select) => {
      const conjuncts = conjunctsOf(select.body.where_clause?.this);
      const bounds = conjuncts.flatMap((conjunct) => boundIn(comparisonIn(conjunct)) ?? []);
      if (bounds.length === 0 || isFilteredByReaders(select)) return [];
      const oneSided = oneSidedNames(select, bounds);
      return bounds
        .filter(({ column }) => oneSided.has(nameOf(column)))
        .flatMap(({ column }) => findings(context, select, column));
    });
  },
};

interface Bound {
  readonly column: ColumnBody;
  readonly end: 'lower' | 'upper';
}

/** The end that a comparison gives to a range, unless the range naturally has another end. */
function boundIn(comparison: Comparison | null): Bound | null {
  if (comparison === null) return null;
  const ends = bothDirections(comparison).flatMap(({ left, operator, right: [value] }) => {
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

/** A literal day: not a parameter, and not relative to the day on which the query runs. */
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

/** Columns whose only bounds are on one end; anything hard to read counts as the other end. */
function oneSidedNames({ body }: Select, bounds: readonly Bound[]): ReadonlySet<string> {
  const mentions = new Map<string, number>();
  for (const column of columnsIn([body.where_clause, body.qualify, body.joins.map(({ on }) => on)])) {
    mentions.set(nameOf(column), (mentions.get(nameOf(column)) ?? 0) + 1);
  }
  const joined = new Set(body.joins.flatMap(({ using }) => using.map(({ name }) => name.toLowerCase())));
  const byName = Map.groupBy(bounds, ({ column }) => nameOf(column));
  const names = [...byName].filter(
    ([name, [first, ...others]]) =>
      !joined.has(name) &&
      others.every(({ end }) => end === first?.end) &&
      mentions.get(name) === others.length + 1,
  );
  return new Set(names.map(([name]) => name));
}

function findings({ text }: DetectorContext, select: Select, column: ColumnBody): readonly Finding[] {
  const token = text.tokenAt(column);
  return tablesOf(select, column).flatMap((table) =>
    findingAt(token === null ? null : conditionAround(text, token), {
      table,
      column,
      onlyIf: { kind: 'partitioned-by-column' },
    }),
  );
}

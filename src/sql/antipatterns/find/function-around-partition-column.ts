import { isolatedColumn } from '../../columns/isolated-column.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { outermostCallAround } from '../places.ts';
import { tablesOf } from '../queries/columns.ts';
import { type Comparison, isConstant } from '../queries/comparisons.ts';
import { filtersOf, isolatedNames } from '../queries/filters.ts';
import type { Select } from '../queries/queries.ts';
import { columnsIn, unwrap } from '../queries/tree.ts';

/**
 * A filter on a function of the partition column, when nothing else filters the column itself. A candidate for any
 * column.
 */
export const functionAroundPartitionColumn: Detector = {
  name: 'function-around-partition-column',
  find(context) {
    return context.queries.selects.flatMap((select) => {
      const comparisons = filtersOf(select);
      const isolated = new Set(isolatedNames(comparisons));
      return comparisons
        .filter(({ right }) => right.every(isConstant))
        .flatMap(({ left }) => wrappedColumnFindings(context, select, left))
        .filter(({ column }) => column !== null && !isolated.has(column));
    });
  },
};

function wrappedColumnFindings(
  context: DetectorContext,
  select: Select,
  side: Comparison['left'],
): readonly Finding[] {
  const [column, ...others] = columnsIn(side);
  if (column === undefined || others.length > 0 || isolatedColumn(side) !== null || !isCall(side)) return [];
  const token = context.text.tokenAt(column);
  const span = token === null ? null : outermostCallAround(context.text, token);
  return tablesOf(select, column).flatMap((table) =>
    findingAt(span, { table, column, onlyIf: { kind: 'partitioned-by-column' } }),
  );
}

/** Arithmetic and CASE are not a single call with a span; they are not found. */
function isCall(side: Comparison['left']): boolean {
  const node = unwrap(side);
  return !('case' in node) && !('add' in node) && !('sub' in node) && !('column' in node);
}

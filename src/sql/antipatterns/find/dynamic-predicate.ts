import { isolatedColumn } from '../../columns/isolated-column.ts';
import { clausesOf, type Detector, type DetectorContext, findingAt } from '../detector.ts';
import { bracketsAround } from '../places.ts';
import { tablesOf } from '../queries/columns.ts';
import type { Comparison } from '../queries/comparisons.ts';
import { filtersOf, isolatedNames } from '../queries/filters.ts';
import type { Select } from '../queries/queries.ts';
import { readsStoredTable } from '../queries/rows.ts';
import { isQuery, nameOf, nodesIn } from '../queries/tree.ts';

/**
 * A filter on the partition column by the result of a subquery: it is not known before the query runs, so no partition
 * is pruned. A candidate for any column.
 */
export const dynamicPredicate: Detector = {
  name: 'dynamic-predicate',
  find(context) {
    return context.queries.selects.flatMap((select) => {
      const comparisons = filtersOf(select);
      const isolated = new Set(isolatedNames(comparisons));
      return comparisons.flatMap((comparison) => {
        const column = isolatedColumn(comparison.left);
        if (column === null || isolated.has(nameOf(column))) return [];
        return subqueriesIn(context, comparison).flatMap((subquery) =>
          tablesOf(select, column).flatMap((table) =>
            findingAt(placeOf(context, subquery), {
              table,
              column,
              onlyIf: { kind: 'partitioned-by-column' },
            }),
          ),
        );
      });
    });
  },
};

/** The SELECTs on the right of a comparison that read a stored table. */
function subqueriesIn(context: DetectorContext, { right }: Comparison): readonly Select[] {
  const bodies = new Set(right.flatMap((side) => nodesIn(side).filter(isQuery).flatMap(firstBody)));
  return context.queries.selects.filter(
    ({ body, sources }) => bodies.has(body) && sources.some((source) => readsStoredTable(source)),
  );
}

function firstBody(node: ReturnType<typeof nodesIn>[number]): readonly Select['body'][] {
  if ('subquery' in node) return firstBody(node.subquery.this);
  return 'select' in node ? [node.select] : [];
}

function placeOf(context: DetectorContext, subquery: Select) {
  const clauses = clausesOf(context, subquery);
  return clauses === null ? null : bracketsAround(context.text, clauses.SELECT);
}

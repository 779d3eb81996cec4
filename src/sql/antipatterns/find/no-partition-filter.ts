import { type Detector, findingAt, nameSpan } from '../detector.ts';
import { filteringNames } from '../queries/columns.ts';
import type { Select } from '../queries/queries.ts';
import { isSampled, isStored } from '../queries/rows.ts';
import { columnsIn, nodesIn, unwrap } from '../queries/tree.ts';

/**
 * A table read without any filter on its partition column. A candidate, together with the columns that are filtered.
 */
export const noPartitionFilter: Detector = {
  name: 'no-partition-filter',
  find(context) {
    return context.queries.selects.filter(readsColumns).flatMap((select) => {
      const tables = select.sources.filter((source) => source.kind === 'table').filter(isStored);
      return tables
        .filter((table) => !isSampled(table))
        .flatMap((table) => {
          const columns = [...filteringNames(select, table)];
          return findingAt(nameSpan(context, table), {
            table,
            onlyIf: { kind: 'partitioned-by-none-of', columns },
          });
        });
    });
  },
};

/** `SELECT COUNT(*) FROM t` and the like are answered without reading a column. */
function readsColumns({ body, sources }: Select): boolean {
  const parts = [
    body.expressions,
    body.where_clause,
    body.group_by,
    body.having,
    body.qualify,
    body.order_by,
  ];
  const isStar = body.expressions.some((projection) => 'star' in unwrap(projection));
  return (
    isStar || sources.length > 1 || columnsIn(parts).length > 0 || nodesIn(parts).some((n) => 'subquery' in n)
  );
}

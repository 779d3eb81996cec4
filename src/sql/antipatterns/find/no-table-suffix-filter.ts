import { type Detector, findingAt, nameSpan } from '../detector.ts';
import { filteringNames } from '../queries/columns.ts';
import { isConstant } from '../queries/comparisons.ts';
import { filtersOf } from '../queries/filters.ts';
import type { Select, TableSource } from '../queries/queries.ts';
import { isSampled, isStored, readsColumns } from '../queries/rows.ts';
import { columnsIn, nameOf } from '../queries/tree.ts';

const SUFFIX = '_table_suffix';

/** Before the `*`, these digits say which year or month is meant. */
const NARROWED = /\d{4}\*$/;

/** A wildcard whose tables nothing tells apart before they are read: each of them is billed. */
export const noTableSuffixFilter: Detector = {
  name: 'no-table-suffix-filter',
  find(context) {
    return context.queries.selects.filter(readsColumns).flatMap((select) => {
      const tables = select.sources.filter((source) => source.kind === 'table').filter(isStored);
      return tables
        .filter((table) => isOpenWildcard(table) && !isSampled(table) && !skipsTables(select, table))
        .flatMap((table) => findingAt(nameSpan(context, table), { table }));
    });
  },
};

function isOpenWildcard({ reference }: TableSource): boolean {
  return reference.tableId.endsWith('*') && !NARROWED.test(reference.tableId);
}

/**
 * Whether a condition on the suffix is known before the query runs. One with a subquery or another column is not.
 * @see https://cloud.google.com/bigquery/docs/querying-wildcard-tables#filter_selected_tables_using_table_suffix
 */
function skipsTables(select: Select, table: TableSource): boolean {
  if (!filteringNames(select, table).has(SUFFIX)) return false;
  const own = filtersOf(select).filter(({ left }) =>
    columnsIn(left).some((column) => nameOf(column) === SUFFIX),
  );
  return own.length === 0 || own.some(({ right }) => right.every(isConstant));
}

import { type Detector, findingAt, nameSpan } from '../detector.ts';
import { filteringNames } from '../queries/columns.ts';
import { isSampled, isStored, readsColumns } from '../queries/rows.ts';

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

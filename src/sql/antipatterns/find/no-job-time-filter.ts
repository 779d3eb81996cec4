import { type Detector, findingAt, nameSpan } from '../detector.ts';
import { filteringNames } from '../queries/columns.ts';
import type { TableSource } from '../queries/queries.ts';
import { readsColumns } from '../queries/rows.ts';

/**
 * The history of jobs, read without a filter on the column by which it is partitioned: half a year of it is billed.
 * @see https://cloud.google.com/bigquery/docs/information-schema-jobs
 */
export const noJobTimeFilter: Detector = {
  name: 'no-job-time-filter',
  find(context) {
    return context.queries.selects.filter(readsColumns).flatMap((select) =>
      select.sources
        .filter((source) => source.kind === 'table')
        .filter((source) => {
          const column = partitionColumnOf(source);
          return column !== null && !filteringNames(select, source).has(column);
        })
        .flatMap((table) => findingAt(nameSpan(context, table), { table })),
    );
  },
};

const HISTORY = /^INFORMATION_SCHEMA\.JOBS(_TIMELINE)?(?:_BY_[A-Z]+)?$/i;

/** Null for anything but a view of the history of jobs. */
function partitionColumnOf({ reference }: TableSource): string | null {
  const view = HISTORY.exec(reference.tableId);
  if (view === null) return null;
  return view[1] === undefined ? 'creation_time' : 'job_creation_time';
}

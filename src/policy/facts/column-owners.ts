import type { TableUse } from '../../vocabulary/reading.ts';
import { tableName } from '../../vocabulary/table.ts';
import { LOAD_TIME_COLUMN, type TableDefinition } from '../../vocabulary/table-definition.ts';

/** By `project.dataset.table`. */
type Definitions = ReadonlyMap<string, TableDefinition>;

/** Columns that stand for the partition of a table partitioned by load time. */
export const LOAD_TIME_COLUMNS = [LOAD_TIME_COLUMN.toLowerCase(), '_partitiondate'];

/**
 * Of the columns that filter a table if they are its own, those that it has and no other table that may be meant, as far as
 * all of these are known; none if one of them has a column by the name of a variable, with which they may be compared then.
 */
export function ownFiltersOf(
  { table, filteredIfOwn = [], comparedVariables = [] }: TableUse,
  named: readonly TableUse[],
  definitions: Definitions,
): readonly string[] {
  // Each table whose column it may be has it among those that are tested; what is only written does not.
  const ownersOf = (column: string) =>
    named.filter(
      ({ tested = [], table: other }) =>
        tested.includes(column) && mayHave(column, definitions.get(tableName(other))),
    );
  if (comparedVariables.some((name) => ownersOf(name).length > 0)) return [];
  return filteredIfOwn.filter((column) => {
    const owners = ownersOf(column);
    return owners.length === 1 && owners[0]?.table === table;
  });
}

/**
 * Whether a table is known to have a column by the name of a variable with which the table's columns are compared:
 * BigQuery takes the column. Of a table whose columns are not known, that is not assumed.
 */
export function hasColumnForVariable(
  { comparedVariables = [] }: TableUse,
  named: readonly TableUse[],
  definitions: Definitions,
): boolean {
  return comparedVariables.some((variable) =>
    named.some(({ table, filtered, tested = [] }) => {
      const columns = definitions.get(tableName(table))?.columns ?? [];
      return (
        [...filtered, ...tested].includes(variable) &&
        columns.some(({ name }) => name.toLowerCase() === variable)
      );
    }),
  );
}

/** Whether a table has a column, named in lower case, or is not known well enough to say that it does not. */
function mayHave(column: string, definition: TableDefinition | undefined): boolean {
  if (definition === undefined || definition.columns.length === 0) return true;
  if (LOAD_TIME_COLUMNS.includes(column)) return definition.partitionColumn === LOAD_TIME_COLUMN;
  return definition.columns.some(({ name }) => name.toLowerCase() === column);
}

import { type Allowance, withinAllowance } from './allowance.ts';
import { type Column, columnOf, leftOutOf, type Rows } from './column-rows.ts';
import { commonOrigins } from './filter-reach.ts';
import { type ColumnList, distinct, filterIfOwn, type Mention, type Origin } from './origins.ts';

/**
 * A common table, and how each place that reads it uses its columns. Each read counts with its own filters: BigQuery
 * runs the common table's query again for each, with the filters of that place.
 */
export interface CommonTable {
  readonly rows: Rows;
  /** One mention per place. Columns are named by `keyOf` if they have a position, and otherwise by name. */
  readonly reads: Mention[];
  /** What its query reads: tables, and other common tables. */
  readonly mentions: readonly Mention[];
}

/** The rows that another place finds when it reads a common table. What no table gives, such as a date, is of none there. */
export function addRead({ rows, reads }: CommonTable, mention: Mention): Rows {
  reads.push(mention);
  return {
    columns: rows.columns.map((column, position) => ({
      ...column,
      origins:
        column.origins.length === 0 ? [] : [{ mention, column: keyOf(position), filtersBlocked: false }],
    })),
    starTables:
      rows.starTables.length === 0
        ? []
        : [leftOutOf(rows.starTables.flat()).map((excluded) => ({ mention, filterable: null, excluded }))],
    opaque: rows.opaque || rows.starTables.length > 1,
  };
}

/**
 * Passes what the readers do with a common table on to what it reads itself: every use by any of them, but only the
 * filters that all of them share. To be called once everything that may read it has been followed, its own readers
 * first.
 */
export function propagateUses({ rows, reads, mentions }: CommonTable, allowance: Allowance): void {
  if (reads.length > 0 && reads.every(({ isNeverRead }) => isNeverRead))
    for (const mention of mentions) mention.isNeverRead = true;
  const originsBy = (list: ColumnList) =>
    reads.map((read) =>
      distinct([...read[list]].flatMap((key) => withinAllowance(originsOfKey(rows, key), allowance))),
    );
  for (const list of ['projected', 'tested', 'joined', 'grouped'] as const)
    recordUse(originsBy(list).flat(), list);
  const filtered = commonOrigins(originsBy('filtered'));
  recordUse(filtered, 'filtered');
  for (const read of reads) recordVariables(filtered, read.comparedVariables);
  // Of several places, one may read the column by this name, and another not.
  const [only, ...others] = reads;
  if (only === undefined || others.length > 0) return;
  const filtering = originsBy('filteredIfOwn').flat();
  recordUse(filterIfOwn(filtering), 'filtered');
  recordVariables(filtering, only.comparedVariables);
}

/** Records with which variables columns are compared that filter tables if they are these tables' own. */
export function recordVariables(origins: readonly Origin[], variables: Iterable<string>): void {
  for (const name of variables) for (const { mention } of origins) mention.comparedVariables.add(name);
}

/** What a mention knows of its columns, as it is recorded. */
type RecordedUse = Exclude<ColumnList, 'filteredIfOwn' | 'comparedVariables'>;

/** Records how columns are used; as filtered only if a filter there filters the table. */
export function recordUse(origins: readonly Origin[], list: RecordedUse): void {
  for (const { mention, column, filtersBlocked, filtersIfOwn } of origins) {
    if (list !== 'filtered' || !filtersBlocked) mention[list].add(column);
    else if (filtersIfOwn) mention.filteredIfOwn.add(column);
  }
}

/** A column by position, since its name may be missing or occur twice; no BigQuery name begins like this. */
function keyOf(position: number): string {
  return `$${position}`;
}

function originsOfKey(rows: Rows, key: string): readonly Origin[] {
  const column: Column | undefined = key.startsWith('$') ? rows.columns[Number(key.slice(1))] : undefined;
  return column?.origins ?? columnOf(rows, key);
}

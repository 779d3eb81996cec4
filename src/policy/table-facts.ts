import type { TableUse } from '../vocabulary/reading.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { Catalog } from './catalog.ts';
import { fits } from './glob.ts';

/** What conditions know of one table. Column names are in lower case. */
export interface TableFacts {
  readonly name: string;
  readonly project: string;
  readonly dataset: string;
  readonly star: boolean;
  readonly projected: readonly string[];
  readonly filtered: readonly string[];
  readonly partition_filter: boolean;
  readonly status: string;
  readonly owner: string;
  readonly replacement: string;
}

/** CEL's library tells a value's type by its constructor: a plain object inside a list is a mere map to it. */
export class Table {}

type Use = Pick<TableUse, 'star' | 'projected' | 'filtered'>;

/** Columns that stand for the partition of a table partitioned by load time. */
const PSEUDO_COLUMNS = ['_partitiontime', '_partitiondate'];

/**
 * The tables that the SQL names, then those that only the warehouse names, which it found behind views and wildcards.
 */
export function tableFacts(
  named: readonly TableUse[],
  referenced: readonly TableReference[],
  catalog: Catalog,
): readonly TableFacts[] {
  const names = new Set(named.map(({ table }) => tableName(table)));
  const hidden = referenced.filter((table) => !names.has(tableName(table)));
  const behindViews = useOf(viewsAmong(named, referenced));
  return [
    ...named.map((use) => factsOf(use.table, use, catalog)),
    ...hidden.map((table) => factsOf(table, wildcardUse(table, named) ?? behindViews, catalog)),
  ];
}

/**
 * The views among the tables that the SQL names: those that the warehouse resolved away. Where it lists views beside
 * their tables none stands out, and every table that is named may be the view.
 */
function viewsAmong(named: readonly TableUse[], referenced: readonly TableReference[]): readonly TableUse[] {
  const names = new Set(referenced.map(tableName));
  const resolved = named.filter(({ table }) => !names.has(tableName(table)));
  return resolved.length > 0 ? resolved : named;
}

/** How a table behind views is used, as far as the SQL tells: by the views' own columns, taken for its own. */
function useOf(views: readonly TableUse[]): Use {
  return {
    star: views.some(({ star }) => star),
    projected: [...new Set(views.flatMap(({ projected }) => projected))],
    filtered: [...new Set(views.flatMap(({ filtered }) => filtered))],
  };
}

function wildcardUse(table: TableReference, named: readonly TableUse[]): Use | null {
  const name = tableName(table);
  const isWildcard = (use: TableUse) => use.table.tableId.includes('*') && fits(name, tableName(use.table));
  return named.find(isWildcard) ?? null;
}

function factsOf(table: TableReference, use: Use, catalog: Catalog): TableFacts {
  const name = tableName(table);
  const entry = catalog.find(name);
  const column = entry?.partition_column?.toLowerCase();
  const partitionColumns = column === undefined ? PSEUDO_COLUMNS : [column];
  return Object.assign(new Table(), {
    name,
    project: table.projectId,
    dataset: table.datasetId,
    star: use.star,
    projected: use.projected,
    filtered: use.filtered,
    partition_filter: partitionColumns.some((each) => use.filtered.includes(each)),
    status: entry === null ? 'unknown' : (entry.status ?? 'unknown'),
    owner: entry?.owner ?? '',
    replacement: entry?.replacement ?? '',
  });
}

/** Whether a table is meant by a name or pattern of a rule: with its project, or from the dataset on. */
export function isMeantBy(pattern: string, { name, project }: Pick<TableFacts, 'name' | 'project'>): boolean {
  return fits(name, pattern) || fits(name.slice(project.length + 1), pattern);
}

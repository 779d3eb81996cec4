import { matchesGlob, mayMatchGlob } from '../../foundation/text/glob.ts';
import { type Estimate, namedByDryRun } from '../../vocabulary/estimate.ts';
import type { FunctionRows, SqlReading, TableUse } from '../../vocabulary/reading.ts';
import { isExcluded } from '../../vocabulary/suffixes.ts';
import { type TableReference, tableName, tableNamed } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';
import type { Catalog } from '../catalog.ts';
import { hasColumnForVariable, LOAD_TIME_COLUMNS, ownFiltersOf } from './column-owners.ts';

/** What conditions know about one table. Column names are in lower case. */
export interface TableFacts {
  readonly name: string;
  readonly project: string;
  readonly dataset: string;
  readonly kind: string;
  readonly star: boolean;
  readonly projected: readonly string[];
  readonly filtered: readonly string[];
  readonly tested: readonly string[];
  readonly joined: readonly string[];
  readonly grouped: readonly string[];
  readonly partitioned_by: string;
  readonly partition_filter: boolean;
  readonly clustered_by: readonly string[];
  readonly cluster_filter: boolean;
  readonly status: string;
  readonly owner: string;
  readonly replacement: string;
}

/** CEL's library recognises a value's type by its constructor: to it, a plain object inside a list is only a map. */
export class Table {}

/** What is known about tables beyond the SQL. */
export interface TableKnowledge {
  readonly catalog: Catalog;
  /** By `project.dataset.table`. */
  readonly definitions: ReadonlyMap<string, TableDefinition>;
}

/** What the dry run says that a query reads. */
type EstimatedReads = Pick<Estimate, 'referencedTables' | 'referencedViews' | 'referencedRoutines'>;

interface Use
  extends Required<
    Omit<TableUse, 'table' | 'filteredIfOwn' | 'comparedVariables' | 'neverRead' | 'suffixes'>
  > {
  readonly neverRead?: boolean;
  /** Columns that filter the table although the SQL does not say that they are its own. */
  readonly ownFilters: readonly string[];
  /** True if the columns that seem to filter the table are compared with a column, and not with the variable of its name. */
  readonly comparesColumns?: boolean;
}

/**
 * The tables that the SQL names, then those that only the warehouse names: it found them behind views, wildcards and
 * table functions.
 */
export function tableFacts(
  reading: Pick<SqlReading, 'tables' | 'functionRows' | 'functions'>,
  estimate: EstimatedReads,
  knowledge: TableKnowledge,
): readonly TableFacts[] {
  const { tables: named, functionRows } = reading;
  const referenced = namedByDryRun(estimate);
  const names = new Set(named.map(({ table }) => tableName(table)));
  const saysAll = saysAllItReads(reading, estimate);
  const found = [
    ...referenced,
    ...behindWildcards([...named.map(({ table }) => table), ...referenced], knowledge).filter(
      (table) => !saysAll || !isOutsideWildcards(table, named),
    ),
  ];
  const hidden = [...new Map(found.map((table) => [tableName(table), table])).values()].filter(
    (table) => !names.has(tableName(table)),
  );
  const behindViews = combinedUse(viewsAmong(named, estimate.referencedTables));
  return [
    ...named.map((use) => {
      const ownFilters = ownFiltersOf(use, named, knowledge.definitions);
      const comparesColumns = hasColumnForVariable(use, named, knowledge.definitions);
      return factsOf(use.table, { ...use, tested: use.tested ?? [], ownFilters, comparesColumns }, knowledge);
    }),
    ...hidden.map((table) => {
      const use = wildcardUse(table, named) ?? behindViews;
      return factsOf(table, functionRows === undefined ? use : behindFunction(use, functionRows), knowledge);
    }),
  ];
}

/** Whether nothing but the SQL's own wildcards reads tables: any other name may be a view's, and a function may read what it likes. */
function saysAllItReads(
  { tables, functionRows, functions }: Pick<SqlReading, 'tables' | 'functionRows' | 'functions'>,
  { referencedRoutines = [] }: EstimatedReads,
): boolean {
  const mayCall = referencedRoutines.length > 0 || functions.some((name) => name.includes('.'));
  return functionRows === undefined && !mayCall && tables.every(({ table }) => isWildcard(table));
}

/** Whether every wildcard that matches a table excludes it by its suffix. */
function isOutsideWildcards(table: TableReference, named: readonly TableUse[]): boolean {
  const name = tableName(table);
  const wildcards = named.filter((use) => isWildcard(use.table) && matchesGlob(name, tableName(use.table)));
  return (
    wildcards.length > 0 &&
    wildcards.every(({ table: wildcard, suffixes = [] }) =>
      isExcluded(name.slice(tableName(wildcard).length - 1), suffixes),
    )
  );
}

/** Of a wildcard, the warehouse may say no more than the SQL does, so the catalog's tables that it reads are found by name. */
function behindWildcards(
  tables: readonly TableReference[],
  { catalog }: Pick<TableKnowledge, 'catalog'>,
): readonly TableReference[] {
  const beginnings = tables.filter(isWildcard).map((table) => tableName(table).slice(0, -1));
  return catalog.beginningWith(new Set(beginnings)).map(tableNamed);
}

/** @see https://cloud.google.com/bigquery/docs/querying-wildcard-tables */
function isWildcard({ tableId }: Pick<TableReference, 'tableId'>): boolean {
  return tableId.endsWith('*');
}

/** It may also be behind the function, which may read anything of it: no filter outside counts. */
function behindFunction(use: Use, functionRows: FunctionRows): Use {
  const tested = [...use.filtered, ...use.tested];
  const star = use.star || functionRows === 'all columns';
  return { ...use, star, filtered: [], tested, neverRead: false };
}

/**
 * The views among the tables that the SQL names, which are those that the warehouse resolved away. If it lists views
 * beside their tables, none stands out, and every named table may be the view.
 */
function viewsAmong(named: readonly TableUse[], referenced: readonly TableReference[]): readonly TableUse[] {
  const names = new Set(referenced.map(tableName));
  const resolved = named.filter(({ table }) => !names.has(tableName(table)));
  return resolved.length > 0 ? resolved : named;
}

/**
 * How a table behind views or wildcards is used, as far as the SQL tells: their columns are taken for its own. It may
 * be behind each of them, so it is filtered only if all of them are.
 */
function combinedUse(uses: readonly TableUse[]): Use {
  const columns = (use: keyof Omit<Use, 'star' | 'ownFilters' | 'comparesColumns' | 'neverRead'>) => [
    ...new Set(uses.flatMap((name) => name[use] ?? [])),
  ];
  const read = uses.filter(({ neverRead }) => !neverRead);
  const filtered = columns('filtered').filter((column) => read.every((use) => use.filtered.includes(column)));
  const inConditions = new Set([...columns('filtered'), ...columns('tested')]);
  return {
    star: uses.some(({ star }) => star),
    projected: columns('projected'),
    filtered,
    tested: [...inConditions].filter((column) => !filtered.includes(column)),
    joined: columns('joined'),
    grouped: columns('grouped'),
    ownFilters: [],
    neverRead: uses.length > 0 && read.length === 0,
  };
}

function wildcardUse(table: TableReference, named: readonly TableUse[]): Use | null {
  const name = tableName(table);
  const wildcards = named.filter((use) => isWildcard(use.table) && matchesGlob(name, tableName(use.table)));
  return wildcards.length === 0 ? null : combinedUse(wildcards);
}

function factsOf(table: TableReference, use: Use, knowledge: TableKnowledge): TableFacts {
  const name = tableName(table);
  const entry = knowledge.catalog.find(name);
  const partitionedBy = partitionColumnOf(table, knowledge)?.toLowerCase() ?? '';
  const filtered = new Set(use.comparesColumns ? [] : [...use.filtered, ...use.ownFilters]);
  const isFiltered = (columns: readonly string[]) =>
    use.neverRead === true || columns.some((column) => filtered.has(column));
  const clusteredBy = (knowledge.definitions.get(name)?.clusterColumns ?? []).map((column) =>
    column.toLowerCase(),
  );
  return Object.assign(new Table(), {
    name,
    project: table.projectId,
    dataset: table.datasetId,
    kind: knowledge.definitions.get(name)?.kind ?? '',
    star: use.star,
    projected: use.projected,
    filtered: use.filtered,
    tested: use.tested,
    joined: use.joined,
    grouped: use.grouped,
    partitioned_by: partitionedBy,
    partition_filter: isFiltered(filterColumns(partitionedBy)),
    clustered_by: clusteredBy,
    // Blocks are sorted by the first column; a filter on a later one alone prunes few of them.
    cluster_filter: isFiltered(clusteredBy.slice(0, 1)),
    status: entry === null ? 'unknown' : (entry.status ?? 'unknown'),
    owner: entry?.owner ?? '',
    replacement: entry?.replacement ?? '',
  });
}

/** The column that a table is partitioned by: the catalog's word goes before the warehouse's. Null if neither says. */
export function partitionColumnOf(
  table: TableReference,
  { catalog, definitions }: TableKnowledge,
): string | null {
  const name = tableName(table);
  return catalog.find(name)?.partition_column ?? definitions.get(name)?.partitionColumn ?? null;
}

/** The columns on which a filter counts. A table about which nothing is known may be partitioned by load time. */
function filterColumns(partitionedBy: string): readonly string[] {
  return partitionedBy === '' || LOAD_TIME_COLUMNS.includes(partitionedBy)
    ? LOAD_TIME_COLUMNS
    : [partitionedBy];
}

/** Whether a name or pattern in a rule means a table, or one of those that a wildcard reads. */
export function mayRead(pattern: string, { name, project }: Pick<TableFacts, 'name' | 'project'>): boolean {
  return mayMatchGlob(name, pattern) || mayMatchGlob(name.slice(project.length + 1), pattern);
}

/** Whether a name or pattern in a rule means a table: in full, or from the dataset on. */
export function matchesTable(
  pattern: string,
  { name, project }: Pick<TableFacts, 'name' | 'project'>,
): boolean {
  return matchesGlob(name, pattern) || matchesGlob(name.slice(project.length + 1), pattern);
}

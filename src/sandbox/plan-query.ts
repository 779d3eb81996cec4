import { billedBytes, bytesRead, type TableRead } from './bytes/processed.ts';
import { columnsIn, type PartitionColumn, prune } from './bytes/pruning.ts';
import { type Scan, scansOf } from './bytes/scans.ts';
import type { TableBytes } from './bytes/table-bytes.ts';
import { type Catalog, type CatalogTable, keyOf } from './catalog/catalog.ts';
import { INFORMATION_SCHEMA_BYTES, isInformationSchema } from './catalog/information-schema.ts';
import { isJobsView, JOBS_SCHEMA } from './catalog/jobs-view.ts';
import type { Connections } from './duckdb/connections.ts';
import { toQueryError } from './duckdb/errors.ts';
import { invalidQuery } from './googlesql/parse.ts';
import { datasetNotFound, noAccess, tableNotFound } from './googlesql/table-names.ts';
import { type Translation, translate } from './googlesql/translate.ts';
import { schemaOf } from './rows/result-set.ts';
import type { FieldSchema, QueryPlan, QueryRequest, TableReference } from './warehouse.ts';

/** What planning needs. */
export interface PlanningContext {
  readonly catalog: Catalog;
  /** A DuckDB with the same tables but no rows, which only plans. */
  readonly planner: Connections;
  /** The current size of a table. */
  readonly tableBytes: (table: CatalogTable) => Promise<TableBytes>;
}

/** A plan, and the statement in DuckDB's SQL. */
export interface DuckdbPlan extends QueryPlan {
  readonly translation: Translation;
}

/** Statements that name a table that need not exist, or need not be read. */
const MAKES_OR_DROPS = /^(?:CREATE|DROP)_/;
/** DML that reads every column of what it changes. */
const READS_ITS_TARGET: ReadonlySet<string> = new Set(['UPDATE', 'DELETE', 'MERGE']);

/**
 * Checks and prices a query as a dry run does: what it reads from each table, by column and partition, counted.
 * @throws BigQueryError in BigQuery's terms if the query could not run
 */
export async function planQuery(context: PlanningContext, request: QueryRequest): Promise<DuckdbPlan> {
  const translation = translate(request, (table) => columnsInCatalog(context.catalog, table));
  refuseToWriteMetadata(translation);
  const { tables, views } = resolveViews(context.catalog, readTables(translation));
  const bytes = await bytesByTable(context, translation, tables);
  const schema = translation.statementType === 'SELECT' ? await resultSchema(context, translation) : [];
  return {
    request,
    translation,
    statementType: translation.statementType,
    totalBytesProcessed: bytes.reduce((sum, tableBytes) => sum + tableBytes, 0n),
    totalBytesBilled: billedBytes(bytes),
    accuracy: 'PRECISE',
    referencedTables: tables,
    referencedViews: views,
    schema,
    cacheable: translation.cacheable && !tables.some(isMetadata),
  };
}

/** The tables that a statement names, except one that it creates or drops. */
function readTables({ statementType, tables, target }: Translation): readonly TableReference[] {
  if (target === null || !MAKES_OR_DROPS.test(statementType)) return tables;
  return tables.filter((table) => keyOf(table) !== keyOf(target));
}

/** The tables behind names of tables and views, and these views, each once. */
function resolveViews(
  catalog: Catalog,
  named: readonly TableReference[],
): Readonly<Record<'tables' | 'views', readonly TableReference[]>> {
  const tables = new Map<string, TableReference>();
  const views = new Map<string, TableReference>();
  const waiting = [...named];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    requireDataset(catalog, next);
    const table = isMetadata(next) ? null : tableFor(catalog, next);
    const view = table?.view ?? null;
    if (view === null) tables.set(keyOf(next), next);
    else if (!views.has(keyOf(next))) waiting.push(...view.tables);
    if (view !== null) views.set(keyOf(next), next);
  }
  return { tables: [...tables.values()], views: [...views.values()] };
}

/** Whether the name is that of an INFORMATION_SCHEMA view, a dataset's or the region's. */
function isMetadata(reference: TableReference): boolean {
  return isInformationSchema(reference.tableId) || isJobsView(reference);
}

function refuseToWriteMetadata({ target }: Translation): void {
  if (target === null || !isMetadata(target)) return;
  throw invalidQuery(`${keyOf(target)} is a view of INFORMATION_SCHEMA, which no statement writes`);
}

/** @throws BigQueryError in the words that a query gets */
function requireDataset(catalog: Catalog, reference: TableReference): void {
  if (reference.projectId !== catalog.projectId) throw noAccess(reference);
  if (isJobsView(reference)) return;
  if (!catalog.datasets.some(({ datasetId }) => datasetId === reference.datasetId)) {
    throw datasetNotFound(reference);
  }
}

/** The columns of a table or view; empty if it does not exist. */
function columnsInCatalog(catalog: Catalog, reference: TableReference): readonly FieldSchema[] {
  if (isJobsView(reference)) return JOBS_SCHEMA;
  return catalog.has(reference) ? catalog.table(reference).schema : [];
}

/** @throws BigQueryError in the words that a query gets */
function tableFor(catalog: Catalog, reference: TableReference): CatalogTable {
  if (!catalog.has(reference)) throw tableNotFound(reference);
  return catalog.table(reference);
}

async function bytesByTable(
  context: PlanningContext,
  translation: Translation,
  tables: readonly TableReference[],
): Promise<readonly bigint[]> {
  const scans = await scansFor(context.planner, translation);
  return Promise.all(
    tables.map(async (reference) => {
      if (isMetadata(reference)) return INFORMATION_SCHEMA_BYTES;
      const table = context.catalog.table(reference);
      const tableScans = scans.filter(
        (scan) => scan.table.join('.').toLowerCase() === keyOf(reference).toLowerCase(),
      );
      return tableBytesRead(context, translation, table, tableScans);
    }),
  );
}

async function scansFor(planner: Connections, translation: Translation): Promise<readonly Scan[]> {
  if (translation.statementType === 'TRUNCATE_TABLE' || translation.statementType.startsWith('DROP_'))
    return [];
  try {
    return await scansOf(planner, translation.duckdbSql);
  } catch (error) {
    throw toQueryError(error);
  }
}

async function tableBytesRead(
  context: PlanningContext,
  { statementType, target }: Translation,
  table: CatalogTable,
  scans: readonly Scan[],
): Promise<bigint> {
  const { partitions } = await context.tableBytes(table);
  const names = [...partitions.keys()];
  const partitionColumn = partitionColumnOf(table);
  const isChanged =
    target !== null && READS_ITS_TARGET.has(statementType) && keyOf(target) === keyOf(table.reference);
  const reads = await Promise.all(
    scans.map(
      async ({ columns, filters }): Promise<TableRead> => ({
        columns: isChanged ? allColumns(table) : [...columns.map(lowerCase), ...filters.flatMap(columnsIn)],
        partitions:
          partitionColumn === null
            ? new Set(names)
            : await prune(context.planner, names, partitionColumn, filters),
      }),
    ),
  );
  return bytesRead(partitions, reads);
}

function partitionColumnOf({ schema, partitionField }: CatalogTable): PartitionColumn | null {
  const type = schema.find((field) => field.name === partitionField)?.type;
  if (partitionField === null || (type !== 'DATE' && type !== 'TIMESTAMP' && type !== 'DATETIME'))
    return null;
  return { name: partitionField, type };
}

function allColumns(table: CatalogTable): readonly string[] {
  return table.schema.map((field) => lowerCase(field.name));
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

async function resultSchema(
  { planner }: PlanningContext,
  { duckdbSql }: Translation,
): Promise<readonly FieldSchema[]> {
  try {
    return await planner.use(async (connection) => {
      const prepared = await connection.prepare(duckdbSql);
      const columns = Array.from({ length: prepared.columnCount }, (_, index) => index);
      return schemaOf(
        columns.map((index) => prepared.columnName(index)),
        columns.map((index) => prepared.columnType(index)),
      );
    });
  } catch (error) {
    throw toQueryError(error);
  }
}

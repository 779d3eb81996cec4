import { quoteIdentifier } from '../duckdb/connections.ts';
import {
  BigQueryError,
  type DatasetDescription,
  type FieldSchema,
  type TableReference,
} from '../warehouse.ts';

/** The location of all data. */
export const LOCATION = 'US';

/** A table or view, as the sandbox knows it. */
export interface CatalogTable {
  readonly reference: TableReference;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly schema: readonly FieldSchema[];
  readonly partitionField: string | null;
  readonly clustering: readonly string[];
  /** A view's GoogleSQL and the tables and views that it names; null for tables. */
  readonly view: { readonly query: string; readonly tables: readonly TableReference[] } | null;
  readonly creationTimeMs: number;
}

/** Which datasets, tables and views there are. */
export interface Catalog {
  readonly projectId: string;
  readonly datasets: readonly DatasetDescription[];
  /** @throws BigQueryError `notFound` */
  dataset(projectId: string, datasetId: string): DatasetDescription;
  /** @throws BigQueryError `notFound` */
  table(reference: TableReference): CatalogTable;
  has(reference: TableReference): boolean;
  /** Tables and views of a dataset, by name. */
  tables(datasetId: string): readonly CatalogTable[];
  put(table: CatalogTable): void;
  remove(reference: TableReference): void;
}

/** A catalog of datasets that have no tables yet. */
export function createCatalog(projectId: string, datasets: readonly DatasetDescription[]): Catalog {
  const tables = new Map<string, CatalogTable>();

  const catalog: Catalog = {
    projectId,
    datasets,
    dataset(project, datasetId) {
      if (project !== projectId) throw notFound(`Project ${project}`);
      const found = datasets.find((dataset) => dataset.datasetId === datasetId);
      if (found === undefined) throw notFound(`Dataset ${project}:${datasetId}`);
      return found;
    },
    table(reference) {
      catalog.dataset(reference.projectId, reference.datasetId);
      const found = tables.get(keyOf(reference));
      if (found === undefined) {
        throw notFound(`Table ${reference.projectId}:${reference.datasetId}.${reference.tableId}`);
      }
      return found;
    },
    has: (reference) => tables.has(keyOf(reference)),
    tables: (datasetId) =>
      [...tables.values()]
        .filter(({ reference }) => reference.datasetId === datasetId)
        .toSorted((a, b) => (a.reference.tableId < b.reference.tableId ? -1 : 1)),
    put: (table) => void tables.set(keyOf(table.reference), table),
    remove: (reference) => void tables.delete(keyOf(reference)),
  };
  return catalog;
}

/** The table's name in DuckDB's SQL. */
export function duckdbName({ projectId, datasetId, tableId }: TableReference): string {
  return [projectId, datasetId, tableId].map(quoteIdentifier).join('.');
}

export function keyOf({ projectId, datasetId, tableId }: TableReference): string {
  return `${projectId}.${datasetId}.${tableId}`;
}

function notFound(what: string): BigQueryError {
  return new BigQueryError(404, 'notFound', `Not found: ${what}`);
}

import { quoteIdentifier, quoteLiteral } from '../duckdb/connections.ts';
import type { FieldSchema } from '../warehouse.ts';
import type { Catalog, CatalogTable } from './catalog.ts';

/** BigQuery bills a query of INFORMATION_SCHEMA as 10 MiB. */
export const INFORMATION_SCHEMA_BYTES = 10n << 20n;

type Value = string | number | boolean | Date | null;

/** A view of INFORMATION_SCHEMA: its columns, and its rows for one table. */
interface MetadataView {
  readonly name: string;
  /** Names and DuckDB types. */
  readonly columns: readonly (readonly [string, string])[];
  rows(table: CatalogTable): readonly (readonly Value[])[];
}

const TABLE_NAME = [
  ['table_catalog', 'VARCHAR'],
  ['table_schema', 'VARCHAR'],
  ['table_name', 'VARCHAR'],
] as const;

/** @see https://cloud.google.com/bigquery/docs/information-schema-intro */
const VIEWS: readonly MetadataView[] = [
  {
    name: 'TABLES',
    columns: [
      ...TABLE_NAME,
      ['table_type', 'VARCHAR'],
      ['is_insertable_into', 'VARCHAR'],
      ['is_typed', 'VARCHAR'],
      ['creation_time', 'TIMESTAMPTZ'],
    ],
    rows: (table) => [
      [
        ...nameOf(table),
        table.view === null ? 'BASE TABLE' : 'VIEW',
        table.view === null ? 'YES' : 'NO',
        'NO',
        new Date(table.creationTimeMs),
      ],
    ],
  },
  {
    name: 'COLUMNS',
    columns: [
      ...TABLE_NAME,
      ['column_name', 'VARCHAR'],
      ['ordinal_position', 'BIGINT'],
      ['is_nullable', 'VARCHAR'],
      ['data_type', 'VARCHAR'],
      ['is_hidden', 'VARCHAR'],
      ['is_partitioning_column', 'VARCHAR'],
      ['clustering_ordinal_position', 'BIGINT'],
    ],
    rows: (table) =>
      table.schema.map((field, index) => [
        ...nameOf(table),
        field.name,
        index + 1,
        'YES',
        dataType(field),
        'NO',
        field.name === table.partitionField ? 'YES' : 'NO',
        table.clustering.includes(field.name) ? table.clustering.indexOf(field.name) + 1 : null,
      ]),
  },
  {
    name: 'COLUMN_FIELD_PATHS',
    columns: [
      ...TABLE_NAME,
      ['column_name', 'VARCHAR'],
      ['field_path', 'VARCHAR'],
      ['data_type', 'VARCHAR'],
      ['description', 'VARCHAR'],
    ],
    rows: (table) =>
      table.schema.flatMap((column) =>
        fieldPaths(column, column.name).map(({ path, field }) => [
          ...nameOf(table),
          column.name,
          path,
          dataType(field),
          field.description ?? null,
        ]),
      ),
  },
  {
    name: 'TABLE_OPTIONS',
    columns: [
      ...TABLE_NAME,
      ['option_name', 'VARCHAR'],
      ['option_type', 'VARCHAR'],
      ['option_value', 'VARCHAR'],
    ],
    rows: (table) => [
      ...(table.description === ''
        ? []
        : [[...nameOf(table), 'description', 'STRING', JSON.stringify(table.description)]]),
      ...(Object.keys(table.labels).length === 0
        ? []
        : [[...nameOf(table), 'labels', 'ARRAY<STRUCT<STRING, STRING>>', labelsOption(table.labels)]]),
    ],
  },
  {
    name: 'VIEWS',
    columns: [
      ...TABLE_NAME,
      ['view_definition', 'VARCHAR'],
      ['check_option', 'VARCHAR'],
      ['use_standard_sql', 'VARCHAR'],
    ],
    rows: (table) => (table.view === null ? [] : [[...nameOf(table), table.view.query, null, 'YES']]),
  },
];

export function isInformationSchema(tableId: string): boolean {
  return VIEWS.some((view) => tableId === `INFORMATION_SCHEMA.${view.name}`);
}

/**
 * The statements that rewrite a dataset's INFORMATION_SCHEMA, which is stored as tables beside those that it describes.
 */
export function informationSchemaSql(catalog: Catalog, datasetId: string): readonly string[] {
  const tables = catalog.tables(datasetId);
  return VIEWS.flatMap((view) => {
    const name = [catalog.projectId, datasetId, `INFORMATION_SCHEMA.${view.name}`]
      .map(quoteIdentifier)
      .join('.');
    const rows = tables.flatMap((table) => view.rows(table));
    const create = `CREATE OR REPLACE TABLE ${name} (${view.columns.map(([column, type]) => `${column} ${type}`).join(', ')})`;
    return rows.length === 0
      ? [create]
      : [create, `INSERT INTO ${name} VALUES ${rows.map(tuple).join(', ')}`];
  });
}

/** A column's type in GoogleSQL: `ARRAY<STRUCT<id INT64>>`. */
function dataType(field: FieldSchema): string {
  const members = (field.fields ?? []).map((member) => `${member.name} ${dataType(member)}`);
  const scalar =
    field.type === 'RECORD' ? `STRUCT<${members.join(', ')}>` : (SQL_TYPES[field.type] ?? field.type);
  return field.mode === 'REPEATED' ? `ARRAY<${scalar}>` : scalar;
}

const SQL_TYPES: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

function fieldPaths(field: FieldSchema, path: string): readonly { path: string; field: FieldSchema }[] {
  const members = (field.fields ?? []).flatMap((member) => fieldPaths(member, `${path}.${member.name}`));
  return [{ path, field }, ...members];
}

function labelsOption(labels: Readonly<Record<string, string>>): string {
  return `[${Object.entries(labels)
    .map(([key, value]) => `STRUCT("${key}", "${value}")`)
    .join(', ')}]`;
}

function nameOf({ reference }: CatalogTable): readonly [string, string, string] {
  return [reference.projectId, reference.datasetId, reference.tableId];
}

function tuple(values: readonly Value[]): string {
  return `(${values.map(sqlValue).join(', ')})`;
}

function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (value instanceof Date) return `TIMESTAMPTZ ${quoteLiteral(value.toISOString())}`;
  return typeof value === 'string' ? quoteLiteral(value) : String(value);
}

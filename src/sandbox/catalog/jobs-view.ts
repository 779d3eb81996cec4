import { quoteIdentifier } from '../duckdb/connections.ts';
import { duckdbType } from '../duckdb/field-types.ts';
import type { FieldSchema, TableReference } from '../warehouse.ts';
import { duckdbName, LOCATION } from './catalog.ts';

/** The region, as written in place of a dataset: `region-us`. */
export const REGION = `region-${LOCATION.toLowerCase()}`;

/** Where the jobs are; `JOBS` is another name for the same view. */
export const JOBS_BY_PROJECT = 'INFORMATION_SCHEMA.JOBS_BY_PROJECT';
const JOBS = 'INFORMATION_SCHEMA.JOBS';
export const JOBS_VIEWS: ReadonlySet<string> = new Set([JOBS, JOBS_BY_PROJECT]);

/**
 * The view's columns, in order, without those for what the sandbox does not have: stages, timelines, BI Engine and so
 * on.
 * @see https://cloud.google.com/bigquery/docs/information-schema-jobs#schema
 */
export const JOBS_SCHEMA: readonly FieldSchema[] = [
  column('creation_time', 'TIMESTAMP'),
  column('project_id', 'STRING'),
  column('user_email', 'STRING'),
  column('job_id', 'STRING'),
  column('job_type', 'STRING'),
  column('statement_type', 'STRING'),
  column('priority', 'STRING'),
  column('start_time', 'TIMESTAMP'),
  column('end_time', 'TIMESTAMP'),
  column('query', 'STRING'),
  column('state', 'STRING'),
  column('reservation_id', 'STRING'),
  column('total_bytes_processed', 'INTEGER'),
  column('total_slot_ms', 'INTEGER'),
  record('error_result', ['reason', 'location', 'debug_info', 'message']),
  column('cache_hit', 'BOOLEAN'),
  record('destination_table', ['project_id', 'dataset_id', 'table_id']),
  { ...record('referenced_tables', ['project_id', 'dataset_id', 'table_id']), mode: 'REPEATED' },
  { ...record('labels', ['key', 'value']), mode: 'REPEATED' },
  column('total_bytes_billed', 'INTEGER'),
  column('transaction_id', 'STRING'),
  column('parent_job_id', 'STRING'),
  record('session_info', ['session_id']),
];

/** Whether a dataset name is a region's. A region has no tables except the views of its INFORMATION_SCHEMA. */
export function isRegion(datasetId: string): boolean {
  return /^region-/i.test(datasetId);
}

export function isJobsView({ datasetId, tableId }: TableReference): boolean {
  return datasetId === REGION && JOBS_VIEWS.has(tableId);
}

/** The statements that create the views in DuckDB. They have rows only while a query that reads them runs. */
export function jobsViewSql(projectId: string): readonly string[] {
  const table = duckdbName({ projectId, datasetId: REGION, tableId: JOBS_BY_PROJECT });
  const synonym = duckdbName({ projectId, datasetId: REGION, tableId: JOBS });
  const columns = JOBS_SCHEMA.map((field) => `${quoteIdentifier(field.name)} ${duckdbType(field)}`);
  return [
    `CREATE SCHEMA ${quoteIdentifier(projectId)}.${quoteIdentifier(REGION)}`,
    `CREATE TABLE ${table} (${columns.join(', ')})`,
    `CREATE VIEW ${synonym} AS SELECT * FROM ${table}`,
  ];
}

function column(name: string, type: string): FieldSchema {
  return { name, type, mode: 'NULLABLE' };
}

/** A record of texts. */
function record(name: string, members: readonly string[]): FieldSchema {
  return { ...column(name, 'RECORD'), fields: members.map((member) => column(member, 'STRING')) };
}

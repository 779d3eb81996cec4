/**
 * The seam between the two halves of the sandbox: the REST server asks, the DuckDB warehouse answers. Names and shapes
 * follow BigQuery's REST v2.
 */

export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export interface FieldSchema {
  readonly name: string;
  /** Legacy type names, as in the API: STRING, INTEGER, FLOAT, BOOLEAN, TIMESTAMP, RECORD … */
  readonly type: string;
  readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly fields?: readonly FieldSchema[];
  readonly description?: string;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/StandardSqlDataType (as QueryParameterType) */
export interface QueryParameterType {
  readonly type: string;
  readonly arrayType?: QueryParameterType;
  readonly structTypes?: readonly { readonly name?: string; readonly type: QueryParameterType }[];
}

export interface QueryParameterValue {
  readonly value?: string | null;
  readonly arrayValues?: readonly QueryParameterValue[];
  readonly structValues?: Readonly<Record<string, QueryParameterValue>>;
}

export interface QueryParameter {
  /** Absent or empty for positional parameters. */
  readonly name?: string;
  readonly parameterType: QueryParameterType;
  readonly parameterValue: QueryParameterValue;
}

export interface QueryRequest {
  readonly projectId: string;
  readonly sql: string;
  readonly defaultDataset?: { readonly projectId: string; readonly datasetId: string };
  readonly parameters: readonly QueryParameter[];
}

/** Everything that a dry run reports, and what `run` needs to execute exactly that. */
export interface QueryPlan {
  readonly request: QueryRequest;
  /** SELECT, INSERT, CREATE_TABLE_AS_SELECT … as BigQuery names them. */
  readonly statementType: string;
  /** Logical bytes of the columns read, in the partitions left after pruning. */
  readonly totalBytesProcessed: bigint;
  /** As billed: at least 10 MiB for each referenced table with bytes, rounded up to whole MiB. */
  readonly totalBytesBilled: bigint;
  readonly accuracy: 'PRECISE' | 'LOWER_BOUND' | 'UPPER_BOUND' | 'UNKNOWN';
  /** Base tables, with views resolved, each once. */
  readonly referencedTables: readonly TableReference[];
  /** The views that were resolved, also those behind other views, each once. */
  readonly referencedViews: readonly TableReference[];
  readonly schema: readonly FieldSchema[];
  /** False if the text contains CURRENT_TIMESTAMP(), RAND() or the like: BigQuery does not cache these. */
  readonly cacheable: boolean;
}

/** A value in BigQuery's row encoding: text, null, a repeated `[{v}]`, or a record `{f: [{v}]}`. */
export type CellValue =
  | string
  | null
  | readonly { readonly v: CellValue }[]
  | { readonly f: readonly Cell[] };
export interface Cell {
  readonly v: CellValue;
}
export interface Row {
  readonly f: readonly Cell[];
}

export interface EncodingOptions {
  /** TIMESTAMP as whole microseconds instead of float seconds (`formatOptions.useInt64Timestamp`). */
  readonly useInt64Timestamp: boolean;
}

/** Rows held for paging after a job has run. */
export interface ResultSet {
  readonly schema: readonly FieldSchema[];
  readonly totalRows: number;
  /** Rows affected by DML; null for queries. */
  readonly affectedRows: bigint | null;
  page(startIndex: number, maxResults: number, encoding: EncodingOptions): readonly Row[];
}

export interface TableDescription {
  readonly reference: TableReference;
  readonly type: 'TABLE' | 'VIEW';
  readonly schema: readonly FieldSchema[];
  readonly numRows: bigint;
  readonly numBytes: bigint;
  readonly timePartitioning: { readonly type: 'DAY'; readonly field: string } | null;
  readonly clustering: readonly string[];
  readonly viewQuery: string | null;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly creationTimeMs: number;
}

export interface DatasetDescription {
  readonly projectId: string;
  readonly datasetId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly creationTimeMs: number;
}

/** A job as in its region's `INFORMATION_SCHEMA.JOBS`. */
export interface JobRecord {
  readonly projectId: string;
  readonly jobId: string;
  readonly userEmail: string;
  readonly creationTimeMs: number;
  readonly startTimeMs: number;
  /** Null while the job runs, like all of its totals. */
  readonly endTimeMs: number | null;
  readonly state: 'RUNNING' | 'DONE';
  readonly query: string;
  readonly priority: string;
  /** Null until the query has been planned, like everything that planning finds. */
  readonly statementType: string | null;
  readonly totalBytesProcessed: bigint | null;
  readonly totalBytesBilled: bigint | null;
  readonly totalSlotMs: bigint | null;
  readonly cacheHit: boolean | null;
  readonly error: {
    readonly reason: string;
    readonly location: string | null;
    readonly message: string;
  } | null;
  readonly destinationTable: TableReference | null;
  readonly referencedTables: readonly TableReference[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A local stand-in for BigQuery's storage and query engine. Every method rejects with `BigQueryError`. */
export interface Warehouse {
  readonly location: string;
  /** Prices and checks a query without running it. */
  plan(request: QueryRequest): Promise<QueryPlan>;
  /**
   * Runs a plan. Aborting the signal interrupts DuckDB.
   * @param jobs the project's jobs, read only if the plan reads INFORMATION_SCHEMA.JOBS; without it there are none
   */
  run(plan: QueryPlan, signal: AbortSignal, jobs?: Iterable<JobRecord>): Promise<ResultSet>;
  listProjects(): readonly string[];
  listDatasets(projectId: string): Promise<readonly DatasetDescription[]>;
  getDataset(projectId: string, datasetId: string): Promise<DatasetDescription>;
  listTables(projectId: string, datasetId: string): Promise<readonly TableDescription[]>;
  getTable(reference: TableReference): Promise<TableDescription>;
  /** A table's rows for `tabledata.list`; not for views. */
  listRows(
    reference: TableReference,
    options: {
      startIndex: number;
      maxResults: number;
      selectedFields: readonly string[] | null;
    } & EncodingOptions,
  ): Promise<{ totalRows: bigint; rows: readonly Row[] }>;
  close(): Promise<void>;
}

/** An error in BigQuery's own terms; the server turns it into the API's error envelope. */
export class BigQueryError extends Error {
  readonly httpStatus: number;
  /** `invalidQuery`, `notFound`, `accessDenied`, `notImplemented` … */
  readonly reason: string;
  /** `errors[0].location`, such as `query`; null if the API names none. */
  readonly location: string | null;

  constructor(httpStatus: number, reason: string, message: string, location: string | null = null) {
    super(message);
    this.name = 'BigQueryError';
    this.httpStatus = httpStatus;
    this.reason = reason;
    this.location = location;
  }
}

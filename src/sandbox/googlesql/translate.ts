import { Dialect, generate, transpile } from '@polyglot-sql/sdk';
import { notImplemented } from '../not-implemented.ts';
import type { FieldSchema, QueryRequest, TableReference } from '../warehouse.ts';
import { nameColumns } from './column-names.ts';
import { hideDataTypes, showDataTypes } from './data-types.ts';
import { bindParameters } from './parameters.ts';
import { parseStatement } from './parse.ts';
import { spreadRecords } from './record-arrays.ts';
import { rewriteFunctions } from './rewrite-functions.ts';
import { type StatementKind, statementKind } from './statement.ts';
import { namedTables, qualifyTables } from './table-names.ts';

/** A GoogleSQL statement, translated for DuckDB. */
export interface Translation extends StatementKind {
  readonly duckdbSql: string;
  /** Tables and views that it names, written or read. */
  readonly tables: readonly TableReference[];
  /** False if the text contains CURRENT_TIMESTAMP(), RAND() or the like: BigQuery does not cache these. */
  readonly cacheable: boolean;
}

/** @see https://cloud.google.com/bigquery/docs/cached-results#cache-exceptions */
const NOT_CACHED =
  /\bAI\.|\b(?:CURRENT_(?:DATE|DATETIME|TIME|TIMESTAMP)|SESSION_USER|RAND|GENERATE_UUID|EXTERNAL_QUERY|INFORMATION_SCHEMA)\b/i;

/**
 * Translates GoogleSQL for DuckDB: binds parameters, completes names, rewrites what the transpiler does not know.
 * @param columnsOf the columns of a table or view that the statement names; empty if they are not known
 * @throws BigQueryError `invalidQuery` if it cannot be parsed, `notImplemented` if it can but DuckDB has no equivalent
 */
export function translate(
  request: Pick<QueryRequest, 'sql' | 'projectId' | 'defaultDataset' | 'parameters'>,
  columnsOf: (table: TableReference) => readonly FieldSchema[] = () => [],
): Translation {
  const statement = qualifyTables(bindParameters(parseStatement(request.sql), request.parameters), request);
  const kind = statementKind(statement);
  const tables = namedTables(statement);
  const named = kind.statementType === 'SELECT' ? nameColumns(statement) : statement;
  return {
    ...kind,
    duckdbSql: toDuckdb(rewriteFunctions(spreadRecords(named, tables.flatMap(columnsOf)))),
    tables,
    cacheable: !NOT_CACHED.test(request.sql),
  };
}

function toDuckdb(statement: unknown): string {
  const googleSql = generate([hideDataTypes(statement)], Dialect.BigQuery);
  const [text] = googleSql.sql ?? [];
  if (!googleSql.success || text === undefined) throw notImplemented(`this statement (${googleSql.error})`);
  const transpiled = transpile(text, Dialect.BigQuery, Dialect.DuckDB);
  const [sql] = transpiled.sql ?? [];
  if (!transpiled.success || sql === undefined) throw notImplemented(`this statement (${transpiled.error})`);
  return showDataTypes(sql);
}

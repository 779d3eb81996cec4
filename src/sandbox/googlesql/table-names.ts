import { LOCATION } from '../catalog/catalog.ts';
import { isRegion, JOBS_VIEWS } from '../catalog/jobs-view.ts';
import { notImplemented } from '../not-implemented.ts';
import { BigQueryError, type QueryRequest, type TableReference } from '../warehouse.ts';
import { invalidQuery } from './parse.ts';
import { type Body, bodiesIn, identifier, isBody, rewriteBodies } from './tree.ts';

/** The project and default dataset of a query, which complete short table names. */
export type NameScope = Pick<QueryRequest, 'projectId' | 'defaultDataset'>;

const INFORMATION_SCHEMA = 'INFORMATION_SCHEMA';

/**
 * Writes every table's name in full: project, dataset and table as separate parts, since GoogleSQL allows a single
 * quoted name for all three. References to columns by such a name are shortened to its last part.
 */
export function qualifyTables(statement: unknown, scope: NameScope): unknown {
  const common = commonTableNames(statement);
  return rewriteBodies(statement, (body) =>
    isTableBody(body) ? withFullName(body, scope, common) : shortenQualifier(body),
  );
}

/** Every table and view that the statement names, written or read, each once, in the order of the statement. */
export function namedTables(qualified: unknown): readonly TableReference[] {
  const found = new Map<string, TableReference>();
  for (const body of bodiesIn(qualified)) {
    if (!isTableBody(body) || body['catalog'] === null) continue;
    const reference = {
      projectId: identifier(body['catalog']) ?? '',
      datasetId: identifier(body['schema']) ?? '',
      tableId: identifier(body['name']) ?? '',
    };
    found.set(Object.values(reference).join('.'), reference);
  }
  return [...found.values()];
}

function withFullName(table: Body, scope: NameScope, common: ReadonlySet<string>): Body {
  if (typeof table['system_time'] === 'string') throw notImplemented('FOR SYSTEM_TIME AS OF');
  if (isBody(table['table_sample'])) throw notImplemented('TABLESAMPLE');
  const name = identifier(table['name']) ?? '';
  if (table['schema'] === null && common.has(name.toLowerCase())) return table;
  const reference = resolveTable(partsOf(table), scope);
  return {
    ...table,
    catalog: { name: reference.projectId, quoted: true },
    schema: { name: reference.datasetId, quoted: true },
    name: { name: reference.tableId, quoted: true },
  };
}

/** In `p.d.t`.`column`, the table may be named in any of its forms; the last part alone is its alias. */
function shortenQualifier(body: Body): Body {
  const qualifier = identifier(body['table']);
  if (qualifier === null || !qualifier.includes('.') || !('name' in body)) return body;
  return { ...body, table: { name: qualifier.split('.').at(-1), quoted: true } };
}

function partsOf(table: Body): readonly string[] {
  return [table['catalog'], table['schema'], table['name']]
    .map(identifier)
    .filter((part) => part !== null)
    .flatMap((part) => part.split('.'));
}

/** @throws BigQueryError in BigQuery's words if the name is too short or not one that the sandbox reads */
function resolveTable(parts: readonly string[], scope: NameScope): TableReference {
  const schemaIndex = parts.findIndex((part) => part.toUpperCase() === INFORMATION_SCHEMA);
  // A view of INFORMATION_SCHEMA has two parts that together name one table.
  const names =
    schemaIndex === -1
      ? parts
      : [
          ...parts.slice(0, schemaIndex),
          [INFORMATION_SCHEMA, ...parts.slice(schemaIndex + 1)].join('.').toUpperCase(),
        ];
  const tableId = names.at(-1) ?? '';
  if (tableId.includes('*')) throw notImplemented('wildcard tables');
  const datasetName = names.at(-2) ?? scope.defaultDataset?.datasetId;
  if (datasetName === undefined) {
    throw invalidQuery(`Table "${tableId}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  const datasetId = isRegion(datasetName) ? datasetName.toLowerCase() : datasetName;
  if (schemaIndex !== -1 && isRegion(datasetId) && !JOBS_VIEWS.has(tableId)) {
    throw notImplemented('INFORMATION_SCHEMA of a region, but for JOBS and JOBS_BY_PROJECT');
  }
  const projectId =
    names.at(-3) ?? (names.length === 1 ? scope.defaultDataset?.projectId : undefined) ?? scope.projectId;
  return { projectId, datasetId, tableId };
}

/** The names that WITH clauses define. */
function commonTableNames(statement: unknown): ReadonlySet<string> {
  const names = bodiesIn(statement).flatMap((body) => {
    const { ctes } = body;
    return Array.isArray(ctes) ? ctes.map((cte) => (isBody(cte) ? identifier(cte['alias']) : null)) : [];
  });
  return new Set(names.filter((name) => name !== null).map((name) => name.toLowerCase()));
}

/** The parser's own form of a table's name, in FROM as in DDL and DML. */
function isTableBody(body: Body): boolean {
  return 'alias_explicit_as' in body && 'catalog' in body && 'schema' in body && 'name' in body;
}

/** For another project, BigQuery does not even say whether it exists. */
export function noAccess({ projectId, datasetId, tableId }: TableReference): BigQueryError {
  const name = `${projectId}:${datasetId}.${tableId}`;
  return new BigQueryError(
    403,
    'accessDenied',
    `Access Denied: Table ${name}: User does not have permission to query table ${name}, or perhaps it does not exist.`,
  );
}

export function datasetNotFound({ projectId, datasetId }: TableReference): BigQueryError {
  return new BigQueryError(
    404,
    'notFound',
    `Not found: Dataset ${projectId}:${datasetId} was not found in location ${LOCATION}`,
  );
}

export function tableNotFound(reference: TableReference): BigQueryError {
  const { projectId, datasetId, tableId } = reference;
  return new BigQueryError(
    404,
    'notFound',
    `Not found: Table ${projectId}:${datasetId}.${tableId} was not found in location ${LOCATION}`,
  );
}

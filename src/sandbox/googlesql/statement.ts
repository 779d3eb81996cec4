import { notImplemented } from '../not-implemented.ts';
import type { TableReference } from '../warehouse.ts';
import { invalidQuery } from './parse.ts';
import { type Body, bodiesIn, identifier, isBody, nodeOf } from './tree.ts';

/** What a statement does, in the terms of `statistics.query.statementType`, and to which table. */
export interface StatementKind {
  readonly statementType: string;
  /** The table that is written, created or dropped; null for queries. */
  readonly target: TableReference | null;
}

const QUERIES: ReadonlySet<string> = new Set([
  'select',
  'union',
  'intersect',
  'except',
  'subquery',
  'paren',
  'with',
]);

/** Statement types by the parser's node, and where the target is in it. */
const WRITES: Readonly<Record<string, { readonly statementType: string; readonly target: string }>> = {
  insert: { statementType: 'INSERT', target: 'table' },
  update: { statementType: 'UPDATE', target: 'table' },
  delete: { statementType: 'DELETE', target: 'table' },
  merge: { statementType: 'MERGE', target: 'this' },
  truncate: { statementType: 'TRUNCATE_TABLE', target: 'table' },
  create_table: { statementType: 'CREATE_TABLE', target: 'name' },
  create_view: { statementType: 'CREATE_VIEW', target: 'name' },
  drop_table: { statementType: 'DROP_TABLE', target: 'names' },
  drop_view: { statementType: 'DROP_VIEW', target: 'name' },
};

/**
 * Clauses of CREATE with no equivalent in DuckDB; without them, it would create another table than the one asked for.
 */
const UNSERVED_CLAUSES = ['partition_by', 'cluster_by', 'options', 'clone_source', 'properties'];

/**
 * @param statement with full table names
 * @throws BigQueryError `notImplemented` for statements that the sandbox does not run; `invalidQuery` for DML without
 * a condition
 */
export function statementKind(statement: unknown): StatementKind {
  const node = nodeOf(statement);
  if (node === null) throw notImplemented('this statement');
  if (QUERIES.has(node.type)) return { statementType: 'SELECT', target: null };
  const write = WRITES[node.type];
  if (write === undefined) {
    throw notImplemented(`${node.type.replaceAll('_', ' ').toUpperCase()} statements`);
  }
  refuseUnservedClauses(node.type, node.body);
  requireCondition(node.type, node.body);
  const isFilled = node.type === 'create_table' && node.body['as_select'] !== null;
  return {
    statementType: isFilled ? 'CREATE_TABLE_AS_SELECT' : write.statementType,
    target: firstTable(node.body[write.target]),
  };
}

function refuseUnservedClauses(type: string, body: Body): void {
  if (!type.startsWith('create_')) return;
  for (const clause of UNSERVED_CLAUSES) {
    const value = body[clause];
    if (Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== false) {
      throw notImplemented(`CREATE with ${clause.replaceAll('_', ' ').toUpperCase()}`);
    }
  }
}

/** BigQuery changes all rows only if the statement says so, with WHERE TRUE. */
function requireCondition(type: string, body: Body): void {
  if ((type !== 'update' && type !== 'delete') || isBody(body['where_clause'])) return;
  throw invalidQuery(`${type.toUpperCase()} must have a WHERE clause`);
}

function firstTable(part: unknown): TableReference {
  const body = bodiesIn(part).find(
    (candidate) => isBody(candidate['catalog']) && isBody(candidate['schema']),
  );
  if (body === undefined) throw notImplemented('a statement without a target');
  return {
    projectId: identifier(body['catalog']) ?? '',
    datasetId: identifier(body['schema']) ?? '',
    tableId: identifier(body['name']) ?? '',
  };
}

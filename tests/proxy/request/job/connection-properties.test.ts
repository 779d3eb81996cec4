import { expect, test } from 'vitest';
import { reinterpretedBy } from '../../../../src/proxy/request/job/connection-properties.ts';
import { readSql } from '../../../../src/sql/read-sql.ts';

interface QueryRequest {
  readonly sql?: string;
  readonly dataset?: string;
  readonly method?: 'jobs.query' | 'jobs.insert';
  readonly connectionProperties?: unknown;
  readonly userDefinedFunctionResources?: unknown;
  readonly tableDefinitions?: unknown;
}

function reasonFor({ sql = 'SELECT x FROM e.t', dataset, method = 'jobs.query', ...query }: QueryRequest) {
  const defaultDataset = dataset === undefined ? null : { datasetId: dataset };
  const body = method === 'jobs.query' ? query : { configuration: { query } };
  return reinterpretedBy({ method, body }, readSql(sql, { projectId: 'p', defaultDataset }));
}

const property = (key: string) => [{ key, value: 'other' }];
const session = property('session_id');

test.each([
  { connectionProperties: property('dataset_project_id') },
  { connectionProperties: property('query_label') },
  { connectionProperties: [...property('time_zone'), ...property('Dataset_Project_Id')] },
  { connectionProperties: { key: 'dataset_project_id', value: 'other' } },
  { connectionProperties: property('dataset_project_id'), method: 'jobs.insert' },
  { connectionProperties: property(' dataset_project_id') },
] as const)(
  'the reason to refuse names a property that changes the tables or labels of a query: %j',
  (query) => {
    expect(reasonFor(query)).toMatch(/dataset_project_id|query_label/i);
  },
);

test.each(['service_account', 'dataset_id', 'added_tomorrow'])(
  'the reason to refuse names a property that does, or may do, more than is known of it: %s',
  (key) => {
    expect(reasonFor({ connectionProperties: property(key) })).toContain(key);
  },
);

test.each([
  { userDefinedFunctionResources: [{ inlineCode: 'CREATE TEMP FUNCTION f() AS (AI.GENERATE("a"));' }] },
  { userDefinedFunctionResources: [{ resourceUri: 'gs://b/f.sql' }], method: 'jobs.insert' },
  { tableDefinitions: { t: { sourceFormat: 'CSV', sourceUris: ['gs://b/o'] } }, method: 'jobs.insert' },
] as const)('the reason to refuse names a field that defines names in the SQL: %j', (query) => {
  expect(reasonFor(query)).toContain(Object.keys(query)[0]);
});

test.each([
  { connectionProperties: session, sql: 'SELECT x FROM t' },
  {
    connectionProperties: session,
    sql: 'SELECT x FROM e.t WHERE i IN (SELECT i FROM t)',
    method: 'jobs.insert',
  },
] as const)('the reason to refuse is the session if the SQL names a table without a dataset: %j', (query) => {
  expect(reasonFor(query)).toMatch(/session/);
});

test.each([
  { connectionProperties: undefined },
  { connectionProperties: undefined, sql: 'SELECT x FROM t' },
  { connectionProperties: property('time_zone'), sql: 'SELECT x FROM t' },
  { userDefinedFunctionResources: [], tableDefinitions: {} },
  { tableDefinitions: null, method: 'jobs.insert' },
  { connectionProperties: session },
  { connectionProperties: session, sql: 'SELECT x FROM t', dataset: 'd' },
  { connectionProperties: session, sql: 'WITH c AS (SELECT 1 AS x) SELECT x FROM c' },
] as const)('there is no reason to refuse %j', (query) => {
  expect(reasonFor(query)).toBe(null);
});

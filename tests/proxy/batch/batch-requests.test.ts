import { expect, test } from 'vitest';
import { requestsIn } from '../../../src/proxy/batch/batch-requests.ts';

const partFor = (line: string) =>
  Buffer.from(`--b\r\nContent-Type: application/http\r\n\r\n${line}\r\n\r\n\r\n--b--\r\n`);

test.each([
  '/bigquery/v2/projects/p/datasets/batch_runs/tables',
  '/bigquery/v2/projects/p/datasets/batch/tables/Batch',
  '/bigquery/v2/projects/p/queries/batch_1?pageToken=batch',
  '/bigquery/v2/projects/p/datasets/d/tables/t/rowAccessPolicies:batchDelete',
])('a part of a batch may address a resource with "batch" in its name: %s', (path) => {
  expect(requestsIn(partFor(`GET ${path} HTTP/1.1`), 'b', 1_000)).toMatchObject([{ method: 'GET', path }]);
});

test.each([
  '/batch',
  '/batch/',
  '/batch?alt=json',
  '/batch/bigquery/v2',
  '//batch//bigquery//v2',
  '/%62atch/bigquery/v2',
  '/BATCH/BigQuery/V2',
  '/batch;x=1/bigquery/v2',
  '/bigquery/v2/../../batch',
])('a part of a batch may not be a batch itself: %s', (path) => {
  expect(() => requestsIn(partFor(`POST ${path} HTTP/1.1`), 'b', 1_000)).toThrow('A batch holds no batches.');
});

/** A batch as Google's API client for Python writes it: lines end in LF alone, and a part's name holds spaces. */
const PYTHON_BATCH = [
  '--===============1==',
  'Content-Type: application/http',
  'MIME-Version: 1.0',
  'Content-ID: <aba5c490-5e27-4a06-8fbe-0adab3e487bf + 1>',
  '',
  'POST /bigquery/v2/projects/p/queries?alt=json HTTP/1.1',
  'Content-Type: application/json',
  '',
  '{"query": "SELECT 1"}',
  '--===============1==',
  'Content-Type: application/http',
  'MIME-Version: 1.0',
  'Content-ID: <aba5c490-5e27-4a06-8fbe-0adab3e487bf + 2>',
  '',
  'GET /bigquery/v2/projects/p/datasets?alt=json HTTP/1.1',
  '',
  '',
  '--===============1==--',
  '',
].join('\n');

test('a batch whose lines end in LF alone is read', () => {
  const requests = requestsIn(Buffer.from(PYTHON_BATCH), '===============1==', 1_000);

  expect(requests.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
    ['POST', '/bigquery/v2/projects/p/queries?alt=json', '{"query": "SELECT 1"}'],
    ['GET', '/bigquery/v2/projects/p/datasets?alt=json', ''],
  ]);
});

test.each([
  ['has no end', PYTHON_BATCH.replace('1==--', '1==')],
  ['has a part that ends by a longer boundary', PYTHON_BATCH.replace('}\n--===============1==', '$&2')],
  ['has a part without an empty line', PYTHON_BATCH.replaceAll('\n\n', '\n')],
  [
    'has more parts than Google takes',
    `${'--===============1==\n\nGET /x\n'.repeat(1_001)}--===============1==--`,
  ],
])('a batch whose lines end in LF alone is refused if it %s', (_what, batch) => {
  expect(() => requestsIn(Buffer.from(batch), '===============1==', 100_000)).toThrow(
    'The batch cannot be read',
  );
});

test('a part keeps its name, also one with spaces', () => {
  const requests = requestsIn(
    Buffer.from(PYTHON_BATCH.replaceAll('\n', '\r\n')),
    '===============1==',
    1_000,
  );

  expect(requests.map(({ id }) => id)).toEqual([
    'aba5c490-5e27-4a06-8fbe-0adab3e487bf + 1',
    'aba5c490-5e27-4a06-8fbe-0adab3e487bf + 2',
  ]);
});

test('a part keeps a name that is too long for one line', () => {
  const folded = PYTHON_BATCH.replace(' + 1>', ' +\n monthly_sales_by_region>');

  const requests = requestsIn(Buffer.from(folded), '===============1==', 1_000);

  expect(requests[0]?.id).toBe('aba5c490-5e27-4a06-8fbe-0adab3e487bf + monthly_sales_by_region');
});

test.each(['<a>\x01', '<a><b>', `<${'a'.repeat(300)}>`])('a part named %j has no name', (name) => {
  const batch = PYTHON_BATCH.replace(/<.* \+ 1>/, name);

  expect(requestsIn(Buffer.from(batch), '===============1==', 1_000)[0]?.id).toBeNull();
});

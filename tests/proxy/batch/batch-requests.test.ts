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

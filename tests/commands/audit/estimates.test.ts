import { describe, expect, test } from 'vitest';
import { checkAccess, dryRunAll } from '../../../src/commands/audit/estimates.ts';
import { bigQueryClient } from '../../../src/commands/shared/bigquery-client.ts';
import { deadAddress, littleServer, sendJson } from '../../little-server.ts';

const clientAt = (endpoint: string) =>
  bigQueryClient({ projectId: 'p-12345', endpoint, token: 't', autoRetry: false });
const options = {
  location: undefined,
  defaultDataset: undefined,
  concurrency: 2,
  retries: 2,
  onDone: () => undefined,
};
const priced = {
  jobReference: { projectId: 'p-12345', jobId: 'j', location: 'US' },
  status: { state: 'DONE' },
  statistics: { query: { totalBytesProcessed: '5', statementType: 'SELECT' } },
};
const failed = (code: number, reason: string) => ({
  error: { code, message: `it is ${reason}`, errors: [{ reason, message: `it is ${reason}` }] },
});

describe('dry runs of an audit', () => {
  test('are retried after a temporary failure of the warehouse, and reported as they finish', async () => {
    const server = await littleServer((response, _seen, count) =>
      count === 1 ? sendJson(response, 503, failed(503, 'backendError')) : sendJson(response, 200, priced),
    );
    const done: number[] = [];

    const outcomes = await dryRunAll(clientAt(server.url), ['SELECT 1'], {
      ...options,
      onDone: (many) => done.push(many),
    });

    expect(outcomes.get('SELECT 1')).toMatchObject({ ok: true, estimate: { bytesProcessed: 5n } });
    expect(server.seen).toHaveLength(2);
    expect(done).toEqual([1]);
  });

  test('are not retried if the query is at fault, and keep the warehouse’s reason', async () => {
    const server = await littleServer((response) => sendJson(response, 400, failed(400, 'invalidQuery')));

    const outcomes = await dryRunAll(clientAt(server.url), ['SELECT x'], options);

    expect(outcomes.get('SELECT x')).toEqual({ ok: false, why: 'invalidQuery: it is invalidQuery' });
    expect(server.seen).toHaveLength(1);
  });

  test('never run a query, and ignore cached results', async () => {
    const server = await littleServer((response) => sendJson(response, 200, priced));

    await dryRunAll(clientAt(server.url), ['SELECT 1'], { ...options, location: 'EU', defaultDataset: 'd' });

    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({
      configuration: {
        dryRun: true,
        query: {
          query: 'SELECT 1',
          useQueryCache: false,
          useLegacySql: false,
          defaultDataset: { datasetId: 'd' },
        },
      },
      jobReference: { location: 'EU' },
    });
  });

  test('respect the limit of concurrent dry runs', async () => {
    let open = 0;
    let most = 0;
    const server = await littleServer((response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(response, 200, priced);
      }, 20);
    });
    const queries = Array.from({ length: 9 }, (_, i) => `SELECT ${i}`);

    const outcomes = await dryRunAll(clientAt(server.url), queries, options);

    expect([...outcomes.keys()]).toEqual(queries);
    expect(most).toBe(2);
  });

  test('are not started if the warehouse does not answer', async () => {
    const access = checkAccess(clientAt(await deadAddress()), { ...options, retries: 0 });

    await expect(access).rejects.toThrow(
      /No query can be dry-run in project p-12345, so nothing is priced\. .*ECONNREFUSED/,
    );
  });
});

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ANA, ask, BIA, ENDLESS_SQL, envelope, PROJECT, query, useSandbox } from '../sandbox.ts';

const sandbox = useSandbox();

test('the answer has every field that the API documents', async () => {
  const answer = await query(sandbox(), 'SELECT COUNT(*) AS n FROM atendimento.messages');

  const {
    jobReference,
    totalSlotMs,
    creationTime,
    startTime,
    endTime,
    totalBytesProcessed,
    totalBytesBilled,
    ...rest
  } = answer.body;
  expect(answer.status).toBe(200);
  expect(rest).toEqual({
    kind: 'bigquery#queryResponse',
    schema: { fields: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] },
    totalRows: '1',
    rows: [{ f: [{ v: '20000' }] }],
    jobComplete: true,
    cacheHit: false,
    queryId: jobReference.jobId,
    location: 'US',
    statementType: 'SELECT',
  });
  expect(jobReference).toEqual({
    projectId: PROJECT,
    jobId: expect.stringMatching(/^job_[\w-]{28}$/),
    location: 'US',
  });
  expect(totalBytesProcessed).toMatch(/^\d+$/);
  expect(totalBytesBilled).toMatch(/^\d+$/);
  expect(totalSlotMs).toMatch(/^\d+$/);
  expect(Number(creationTime)).toBeLessThanOrEqual(Number(startTime));
  expect(Number(startTime)).toBeLessThanOrEqual(Number(endTime));
});

test('a page token continues where the page ended, even in tabledata.list of the job’s destination table', async () => {
  const first = await query(sandbox(), 'SELECT message_id FROM atendimento.messages ORDER BY message_id', {
    maxResults: 2,
  });
  const { jobId } = first.body.jobReference;

  const second = await ask(
    sandbox(),
    `/projects/${PROJECT}/queries/${jobId}?maxResults=2&pageToken=${first.body.pageToken}`,
  );
  const job = await ask(sandbox(), `/projects/${PROJECT}/jobs/${jobId}`);
  const { datasetId, tableId } = job.body.configuration.query.destinationTable;
  const asTable = await ask(
    sandbox(),
    `/projects/${PROJECT}/datasets/${datasetId}/tables/${tableId}/data?maxResults=2&pageToken=${first.body.pageToken}`,
  );
  const both = await ask(sandbox(), `/projects/${PROJECT}/queries/${jobId}?maxResults=4`);

  expect([...first.body.rows, ...second.body.rows]).toEqual(both.body.rows);
  expect(asTable.body.rows).toEqual(second.body.rows);
  expect(asTable.body).toMatchObject({ kind: 'bigquery#tableDataList', totalRows: '20000' });
});

test('a page without a limit ends at 10 MB of rows', async () => {
  const sql = "SELECT message_id, REPEAT('x', 2000) AS filler FROM atendimento.messages";

  const first = await query(sandbox(), sql);

  const bytes = first.body.rows.reduce(
    (sum: number, row: unknown) => sum + Buffer.byteLength(JSON.stringify(row, null, 2)),
    0,
  );
  expect(bytes).toBeLessThan(13_000_000);
  expect(first.body.rows.length).toBeLessThan(5000);
  expect(first.body.rows.length).toBeGreaterThan(3000);
  expect(first.body.pageToken).toBeDefined();
});

test('startIndex, maxResults 0 and timestamps in either format are honoured', async () => {
  const done = await query(
    sandbox(),
    "SELECT TIMESTAMP '2026-01-02 00:00:00+00' AS t UNION ALL SELECT NULL ORDER BY t DESC",
  );
  const results = `/projects/${PROJECT}/queries/${done.body.jobReference.jobId}`;

  const none = await ask(sandbox(), `${results}?maxResults=0`);
  const second = await ask(sandbox(), `${results}?startIndex=1`);
  const micros = await ask(sandbox(), `${results}?formatOptions.useInt64Timestamp=true`);

  expect(none.body.rows).toBeUndefined();
  expect(none.body).toMatchObject({
    kind: 'bigquery#getQueryResultsResponse',
    totalRows: '2',
    jobComplete: true,
  });
  expect(second.body.rows).toEqual([{ f: [{ v: null }] }]);
  expect(micros.body.rows[0]).toEqual({ f: [{ v: '1767312000000000' }] });
  expect(Number(done.body.rows[0].f[0].v)).toBe(1767312000);
});

test('a query that is not done in time says so, and can be fetched later or cancelled', async () => {
  const started = await query(sandbox(), ENDLESS_SQL, { timeoutMs: 1 });
  const { jobId } = started.body.jobReference;

  const polled = await ask(sandbox(), `/projects/${PROJECT}/queries/${jobId}?timeoutMs=1`);
  await ask(sandbox(), `/projects/${PROJECT}/jobs/${jobId}/cancel`, { method: 'POST' });
  const ended = await ask(sandbox(), `/projects/${PROJECT}/queries/${jobId}`);

  expect(started.body).toMatchObject({ kind: 'bigquery#queryResponse', jobComplete: false });
  expect(started.body.rows).toBeUndefined();
  expect(polled.body).toEqual({
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: started.body.jobReference,
    jobComplete: false,
  });
  expect(ended.status).toBe(499);
  expect(ended.body).toEqual(
    envelope(499, 'CANCELLED', 'stopped', 'Job execution was cancelled: User requested cancellation'),
  );
});

test('the same requestId with the same query is the same job, whatever the page size; with another query it is not', async () => {
  const requestId = randomUUID();

  const first = await query(sandbox(), 'SELECT 1 AS a', { requestId, useQueryCache: false });
  const again = await query(sandbox(), 'SELECT 1 AS a', { requestId, useQueryCache: false, maxResults: 5 });
  const other = await query(sandbox(), 'SELECT 2 AS a', { requestId, useQueryCache: false });
  const stranger = await query(sandbox(), 'SELECT 1 AS a', { requestId, useQueryCache: false }, BIA);

  expect(again.body.jobReference).toEqual(first.body.jobReference);
  expect(other.body.jobReference).not.toEqual(first.body.jobReference);
  expect(stranger.body.jobReference).not.toEqual(first.body.jobReference);
});

test('a dry run prices the query and creates no job', async () => {
  const sql = 'SELECT body FROM atendimento.messages WHERE sender IS NOT NULL';

  const dry = await query(sandbox(), sql, { dryRun: true });
  const jobs = await ask(
    sandbox(),
    `/projects/${PROJECT}/jobs?projection=full&maxResults=1000&allUsers=true`,
  );

  expect(Number(dry.body.totalBytesProcessed)).toBeGreaterThan(0);
  expect(dry.body).toMatchObject({
    kind: 'bigquery#queryResponse',
    jobReference: { projectId: PROJECT, location: 'US' },
    schema: { fields: [{ name: 'body', type: 'STRING' }] },
    totalBytesBilled: '0',
    jobComplete: true,
    cacheHit: false,
  });
  expect(dry.body.rows).toBeUndefined();
  expect(
    jobs.body.jobs.map(
      (job: { configuration: { query: { query: string } } }) => job.configuration.query.query,
    ),
  ).not.toContain(sql);
});

test('maximumBytesBilled is enforced, with BigQuery’s own error', async () => {
  const sql = 'SELECT ticket_id FROM atendimento.messages';
  const free = await query(sandbox(), sql, { useQueryCache: false });
  const billed = BigInt(free.body.totalBytesBilled);

  const under = await query(sandbox(), sql, {
    maximumBytesBilled: String(billed - 1n),
    useQueryCache: false,
  });
  const exact = await query(sandbox(), sql, { maximumBytesBilled: String(billed), useQueryCache: false });

  expect(under.status).toBe(400);
  expect(under.body).toEqual(
    envelope(
      400,
      'INVALID_ARGUMENT',
      'bytesBilledLimitExceeded',
      `Query exceeded limit for bytes billed: ${billed - 1n}. ${billed} or higher required.`,
    ),
  );
  expect(exact.status).toBe(200);
});

test('useLegacySql is true by default, and a leading #standardSQL overrides it', async () => {
  const path = `/projects/${PROJECT}/queries`;

  const absent = await ask(sandbox(), path, { body: { query: 'SELECT 1' } });
  const prefixed = await ask(sandbox(), path, { body: { query: '#standardSQL\nSELECT 1 AS a' } });
  const legacy = await query(sandbox(), '#legacySQL\nSELECT 1');

  expect(absent.status).toBe(501);
  expect(absent.body.error.errors[0].reason).toBe('notImplemented');
  expect(absent.body.error.message).toContain('set it to false, or begin the query with #standardSQL');
  expect(prefixed.body.rows).toEqual([{ f: [{ v: '1' }] }]);
  expect(legacy.status).toBe(501);
});

test('an unqualified table is looked up in the default dataset', async () => {
  const answer = await query(sandbox(), 'SELECT COUNT(*) AS n FROM messages', {
    defaultDataset: { datasetId: 'atendimento' },
  });

  expect(answer.body.rows).toEqual([{ f: [{ v: '20000' }] }]);
});

test('only the caller who ran a query can read its results', async () => {
  const done = await query(sandbox(), 'SELECT 1 AS a', {}, ANA);
  const { jobId } = done.body.jobReference;

  const other = await ask(sandbox(), `/projects/${PROJECT}/queries/${jobId}`, { principal: BIA });

  expect(other.status).toBe(403);
  expect(other.body).toEqual(
    envelope(
      403,
      'PERMISSION_DENIED',
      'accessDenied',
      `Access Denied: Job ${PROJECT}:US.${jobId}: only who ran a query may read its results.`,
    ),
  );
});

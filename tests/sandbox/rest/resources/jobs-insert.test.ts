import { describe, expect, test } from 'vitest';
import { ANA, ask, clientOf, envelope, insert, PROJECT, useSandbox } from '../sandbox.ts';

const sandbox = useSandbox();
const sql = 'SELECT message_id FROM atendimento.messages LIMIT 3';

test('a job runs in the background, and Google’s own client reads its rows', async () => {
  const bigquery = clientOf(sandbox());

  const [job] = await bigquery.createQueryJob({ query: sql, labels: { dashboard: 'fila' } });
  const [rows] = await job.getQueryResults();
  const [metadata] = await job.getMetadata();

  expect(rows).toHaveLength(3);
  expect(metadata.status).toEqual({ state: 'DONE' });
  expect(metadata.configuration.labels).toEqual({ dashboard: 'fila' });
});

test('a finished job is a complete job resource', async () => {
  const inserted = await insert(
    sandbox(),
    {
      query: { query: sql, useLegacySql: false, useQueryCache: false, maximumBytesBilled: '99999999999' },
      labels: { team: 'a' },
    },
    { jobId: 'whole-resource', location: 'US' },
  );
  await ask(sandbox(), `/projects/${PROJECT}/queries/whole-resource`);

  const { body } = await ask(sandbox(), `/projects/${PROJECT}/jobs/whole-resource?location=us`);

  expect(inserted.body).toMatchObject({ kind: 'bigquery#job', etag: expect.any(String) });
  const { totalBytesProcessed } = body.statistics;
  expect(body).toEqual({
    kind: 'bigquery#job',
    etag: expect.any(String),
    id: `${PROJECT}:US.whole-resource`,
    selfLink: `${sandbox().url}/bigquery/v2/projects/${PROJECT}/jobs/whole-resource?location=US`,
    user_email: ANA,
    principal_subject: `user:${ANA}`,
    configuration: {
      jobType: 'QUERY',
      labels: { team: 'a' },
      query: {
        query: sql,
        useLegacySql: false,
        priority: 'INTERACTIVE',
        useQueryCache: false,
        maximumBytesBilled: '99999999999',
        createDisposition: 'CREATE_IF_NEEDED',
        writeDisposition: 'WRITE_TRUNCATE',
        destinationTable: {
          projectId: PROJECT,
          datasetId: expect.stringMatching(/^_[0-9a-f]{40}$/),
          tableId: expect.stringMatching(/^anon[0-9a-f]{64}$/),
        },
      },
    },
    jobReference: { projectId: PROJECT, jobId: 'whole-resource', location: 'US' },
    statistics: {
      creationTime: expect.stringMatching(/^\d{13}$/),
      startTime: expect.stringMatching(/^\d{13}$/),
      endTime: expect.stringMatching(/^\d{13}$/),
      totalSlotMs: expect.stringMatching(/^\d+$/),
      totalBytesProcessed: expect.stringMatching(/^[1-9]\d*$/),
      query: {
        totalBytesProcessed,
        totalBytesBilled: expect.stringMatching(/^[1-9]\d*$/),
        totalBytesProcessedAccuracy: expect.any(String),
        cacheHit: false,
        statementType: 'SELECT',
        referencedTables: [{ projectId: PROJECT, datasetId: 'atendimento', tableId: 'messages' }],
        schema: { fields: [expect.objectContaining({ name: 'message_id' })] },
        billingTier: 1,
        totalSlotMs: expect.stringMatching(/^\d+$/),
      },
    },
    status: { state: 'DONE' },
  });
});

test('a dry run answers at once with the price, the tables, the schema and the caller, and stores no job', async () => {
  const dry = await insert(
    sandbox(),
    { dryRun: true, query: { query: sql, useLegacySql: false, useQueryCache: false } },
    { jobId: 'dry' },
  );
  const kept = await ask(sandbox(), `/projects/${PROJECT}/jobs/dry`);

  expect(dry.status).toBe(200);
  expect(dry.body).toMatchObject({
    id: `${PROJECT}:US.dry`,
    user_email: ANA,
    configuration: { dryRun: true, jobType: 'QUERY' },
    statistics: {
      totalBytesProcessed: expect.stringMatching(/^[1-9]\d*$/),
      query: {
        cacheHit: false,
        statementType: 'SELECT',
        referencedTables: [{ projectId: PROJECT, datasetId: 'atendimento', tableId: 'messages' }],
        schema: { fields: [expect.objectContaining({ name: 'message_id' })] },
      },
    },
    status: { state: 'DONE' },
  });
  expect(kept.body).toEqual(envelope(404, 'NOT_FOUND', 'notFound', `Not found: Job ${PROJECT}:US.dry`));
});

test('bad SQL leads to a failed job whose results are the error; a dry run answers with the error', async () => {
  const bad = { query: 'SELEC 1', useLegacySql: false };

  const failed = await insert(sandbox(), { query: bad }, { jobId: 'bad-sql' });
  const results = await ask(sandbox(), `/projects/${PROJECT}/queries/bad-sql`);
  const dry = await insert(sandbox(), { dryRun: true, query: bad });

  const { errorResult } = failed.body.status;
  expect(failed.status).toBe(200);
  expect(failed.body.status).toEqual({ state: 'DONE', errorResult, errors: [errorResult] });
  expect(errorResult).toEqual({ reason: 'invalidQuery', location: 'query', message: expect.any(String) });
  expect(results.status).toBe(400);
  expect(results.body).toEqual(
    envelope(400, 'INVALID_ARGUMENT', 'invalidQuery', errorResult.message, {
      location: 'q',
      locationType: 'parameter',
    }),
  );
  expect(dry.status).toBe(400);
  expect(dry.body).toEqual(results.body);
});

test('a job over its maximumBytesBilled is created, fails, and bills nothing', async () => {
  const query = {
    query: 'SELECT body FROM atendimento.messages',
    useLegacySql: false,
    maximumBytesBilled: '1',
  };

  const failed = await insert(sandbox(), { query }, { jobId: 'over-the-cap' });
  const results = await ask(sandbox(), `/projects/${PROJECT}/queries/over-the-cap`);

  const required = /(\d+) or higher required/.exec(failed.body.status.errorResult.message)?.[1];
  const message = `Query exceeded limit for bytes billed: 1. ${required} or higher required.`;
  expect(failed.body.status).toMatchObject({
    state: 'DONE',
    errorResult: { reason: 'bytesBilledLimitExceeded', message },
  });
  expect(failed.body.statistics.query.totalBytesBilled).toBe('0');
  expect(results.body).toEqual(envelope(400, 'INVALID_ARGUMENT', 'bytesBilledLimitExceeded', message));
});

test('a job ID can be used once', async () => {
  const configuration = { query: { query: 'SELECT 1', useLegacySql: false } };
  await insert(sandbox(), configuration, { jobId: 'once' });

  const again = await insert(sandbox(), configuration, { jobId: 'once' });

  expect(again.status).toBe(409);
  expect(again.body).toEqual(
    envelope(409, 'ALREADY_EXISTS', 'duplicate', `Already Exists: Job ${PROJECT}:US.once`),
  );
});

describe('something that the sandbox does not support', () => {
  test.each(['copy', 'load', 'extract'])('%s jobs are answered as not supported', async (kind) => {
    const answer = await insert(sandbox(), { [kind]: {} });

    expect(answer.body).toEqual(
      envelope(
        501,
        'UNIMPLEMENTED',
        'notImplemented',
        `The sandbox, which stands in for BigQuery in guardrail's demo, does not do ${kind} jobs. guardrail and BigQuery do.`,
      ),
    );
  });

  test.each([
    ['destinationTable', { projectId: PROJECT, datasetId: 'd', tableId: 't' }],
    ['connectionProperties', [{ key: 'time_zone', value: 'America/Sao_Paulo' }]],
    ['createSession', true],
  ])('the setting %s is rejected, not ignored', async (name, value) => {
    const answer = await insert(sandbox(), {
      query: { query: 'SELECT 1', useLegacySql: false, [name]: value },
    });

    expect(answer.status).toBe(501);
    expect(answer.body.error.message).toBe(
      `The sandbox, which stands in for BigQuery in guardrail's demo, does not do queries with the setting '${name}'. guardrail and BigQuery do.`,
    );
  });
});

test('labels must follow BigQuery’s rules', async () => {
  const answer = await insert(sandbox(), {
    labels: { team: 'Not Lower Case' },
    query: { query: 'SELECT 1', useLegacySql: false },
  });

  expect(answer.body).toEqual(
    envelope(400, 'INVALID_ARGUMENT', 'invalid', 'Label value "Not Lower Case" has invalid characters.'),
  );
});

test('a job whose reference names another project than the path is rejected', async () => {
  const answer = await insert(
    sandbox(),
    { query: { query: 'SELECT 1', useLegacySql: false } },
    { projectId: 'elsewhere' },
  );

  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toBe(
    `Value of jobReference.projectId 'elsewhere' must be the project of the path, '${PROJECT}'.`,
  );
});

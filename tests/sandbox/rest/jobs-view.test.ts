import { BigQuery } from '@google-cloud/bigquery';
import { describe, expect, test } from 'vitest';
import {
  ANA,
  type Answer,
  ask,
  BIA,
  clientOf,
  ENDLESS_SQL,
  insert,
  PROJECT,
  query,
  useSandbox,
} from './sandbox.ts';

const sandbox = useSandbox();
const VIEW = '`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT';
const MIB = 1024 * 1024;

/** What the view tells of a job, with Google's own client. */
// biome-ignore lint/suspicious/noExplicitAny: a row of every type, looked into by expectations only
async function told(jobId: string): Promise<any> {
  const [rows] = await clientOf(sandbox()).query({
    query: `SELECT * FROM ${VIEW} WHERE job_id = @jobId`,
    params: { jobId },
  });
  expect(rows).toHaveLength(1);
  return rows[0];
}

async function ended(jobId: string): Promise<Answer> {
  await ask(sandbox(), `/projects/${PROJECT}/queries/${jobId}`);
  return ask(sandbox(), `/projects/${PROJECT}/jobs/${jobId}`);
}

/** A job as `jobs.get` tells it, in the view's form. */
// biome-ignore lint/suspicious/noExplicitAny: a body of every shape, looked into by expectations only
function inViewForm({ configuration, jobReference, statistics, status, user_email }: any) {
  const time = (ms: string) => BigQuery.timestamp(new Date(Number(ms)));
  const table = (one: { projectId: string; datasetId: string; tableId: string } | undefined) =>
    one === undefined
      ? null
      : { project_id: one.projectId, dataset_id: one.datasetId, table_id: one.tableId };
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  return {
    creation_time: time(statistics.creationTime),
    project_id: jobReference.projectId,
    user_email,
    job_id: jobReference.jobId,
    job_type: configuration.jobType,
    statement_type: statistics.query?.statementType ?? null,
    priority: configuration.query.priority,
    start_time: time(statistics.startTime),
    end_time: time(statistics.endTime),
    query: configuration.query.query,
    state: status.state,
    reservation_id: null,
    total_bytes_processed: number(statistics.query?.totalBytesProcessed),
    total_slot_ms: number(statistics.totalSlotMs),
    error_result:
      status.errorResult === undefined ? null : { location: null, debug_info: null, ...status.errorResult },
    cache_hit: statistics.query?.cacheHit ?? null,
    destination_table: table(configuration.query.destinationTable),
    referenced_tables: (statistics.query?.referencedTables ?? []).map(table),
    labels: Object.entries(configuration.labels ?? {}).map(([key, value]) => ({ key, value })),
    total_bytes_billed: number(statistics.query?.totalBytesBilled),
    transaction_id: null,
    parent_job_id: null,
    session_info: null,
  };
}

describe('the view says of a job what jobs.get says', () => {
  const sql = 'SELECT channel, COUNT(*) AS n FROM atendimento.tickets GROUP BY channel';

  test.each([
    ['that ran', { query: { query: sql, priority: 'BATCH' }, labels: { guardrail_team: 'finops', b: '' } }],
    ['that the cache answered', { query: { query: sql } }],
    [
      'of two tables behind a view',
      { query: { query: 'SELECT COUNT(DISTINCT CONCAT(sender, channel)) FROM atendimento.conversations' } },
    ],
    ['that could not be read', { query: { query: 'SELEC 1' } }],
    [
      'that failed as it ran',
      { query: { query: 'SELECT 1 / (ticket_id - ticket_id) FROM atendimento.tickets' } },
    ],
    [
      'over its limit',
      { query: { query: 'SELECT body FROM atendimento.messages', maximumBytesBilled: '1' } },
    ],
    ['that changed rows', { query: { query: "UPDATE finops.fund_managers SET name = 'x' WHERE TRUE" } }],
    ['of INFORMATION_SCHEMA', { query: { query: `SELECT job_id FROM ${VIEW} WHERE FALSE` } }],
  ])('%s', async (_what, { query: configuration, ...rest }) => {
    const { body } = await insert(sandbox(), { query: { useLegacySql: false, ...configuration }, ...rest });
    const got = await ended(body.jobReference.jobId);

    const row = await told(body.jobReference.jobId);

    expect(row).toEqual(inViewForm(got.body));
  });

  test('that was stopped', async () => {
    const { body } = await query(sandbox(), ENDLESS_SQL, { timeoutMs: 1 });
    const { jobId } = body.jobReference;
    await ask(sandbox(), `/projects/${PROJECT}/jobs/${jobId}/cancel`, { method: 'POST' });
    const got = await ended(jobId);

    const row = await told(jobId);

    expect(row).toEqual(inViewForm(got.body));
    expect(row.error_result.reason).toBe('stopped');
  });
});

test('a running job has no end and no totals yet, and a query of the view sees itself run', async () => {
  const { body } = await query(sandbox(), ENDLESS_SQL, { timeoutMs: 1 });
  const { jobId } = body.jobReference;

  const row = await told(jobId);
  const [own] = await clientOf(sandbox()).query(
    `SELECT query FROM ${VIEW} WHERE state = 'RUNNING' ORDER BY 1`,
  );
  await ask(sandbox(), `/projects/${PROJECT}/jobs/${jobId}/cancel`, { method: 'POST' });

  expect(row).toMatchObject({
    state: 'RUNNING',
    end_time: null,
    total_bytes_processed: null,
    total_bytes_billed: null,
    total_slot_ms: null,
    error_result: null,
  });
  expect(own.map((one: { query: string }) => one.query)).toContainEqual(
    expect.stringContaining("WHERE state = 'RUNNING'"),
  );
});

test('the view lists jobs of every principal, but no dry runs', async () => {
  await query(sandbox(), "SELECT 'by ana'", {}, ANA);
  await query(sandbox(), "SELECT 'by bia'", {}, BIA);
  await query(sandbox(), "SELECT 'dry'", { dryRun: true }, BIA);
  await insert(sandbox(), { dryRun: true, query: { query: "SELECT 'dry'", useLegacySql: false } });

  const [rows] = await clientOf(sandbox()).query(
    `SELECT user_email, query FROM ${VIEW} WHERE query IN ("SELECT 'by ana'", "SELECT 'by bia'", "SELECT 'dry'") ORDER BY 1`,
  );

  expect(rows).toEqual([
    { user_email: ANA, query: "SELECT 'by ana'" },
    { user_email: BIA, query: "SELECT 'by bia'" },
  ]);
});

test.each([
  '`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT',
  '`region-us`.INFORMATION_SCHEMA.JOBS',
  '`region-US`.information_schema.jobs',
  'region-us.INFORMATION_SCHEMA.JOBS',
  '`guardrail-demo`.`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT',
  '`guardrail-demo.region-us`.INFORMATION_SCHEMA.JOBS',
  '`guardrail-demo.Region-Us.INFORMATION_SCHEMA.JOBS`',
  '`region-us.INFORMATION_SCHEMA.JOBS_BY_PROJECT`',
  '`guardrail-demo`.`region-us`.`INFORMATION_SCHEMA`.`JOBS`',
])('the view is available as %s', async (name) => {
  const { body: made } = await query(sandbox(), 'SELECT 1');

  const { body } = await query(
    sandbox(),
    `SELECT j.job_id FROM ${name} AS j WHERE j.job_id = '${made.jobReference.jobId}'`,
  );

  expect(body.rows).toEqual([{ f: [{ v: made.jobReference.jobId }] }]);
});

test('a query of the view is billed its 10 MiB each time and never answered from the cache', async () => {
  const sql = `SELECT COUNT(*) AS n FROM ${VIEW}`;

  const first = await query(sandbox(), sql);
  const second = await query(sandbox(), sql);
  const dry = await query(sandbox(), sql, { dryRun: true });

  const billed = {
    cacheHit: false,
    totalBytesProcessed: String(10 * MIB),
    totalBytesBilled: String(10 * MIB),
  };
  expect([first.body, second.body]).toMatchObject([billed, billed]);
  expect(Number(second.body.rows[0].f[0].v)).toBe(Number(first.body.rows[0].f[0].v) + 1);
  expect(dry.body).toMatchObject({ cacheHit: false, totalBytesProcessed: String(10 * MIB) });
});

test('columns have the types that BigQuery documents', async () => {
  const { body } = await query(sandbox(), `SELECT * FROM ${VIEW}`, { dryRun: true });

  const types = body.schema.fields.map(
    (field: { name: string; type: string; mode: string; fields?: readonly { name: string }[] }) =>
      [
        field.name,
        field.mode === 'REPEATED' ? `${field.type}[]` : field.type,
        ...(field.fields ?? []).map((member) => member.name),
      ].join(' '),
  );
  expect(types).toEqual([
    'creation_time TIMESTAMP',
    'project_id STRING',
    'user_email STRING',
    'job_id STRING',
    'job_type STRING',
    'statement_type STRING',
    'priority STRING',
    'start_time TIMESTAMP',
    'end_time TIMESTAMP',
    'query STRING',
    'state STRING',
    'reservation_id STRING',
    'total_bytes_processed INTEGER',
    'total_slot_ms INTEGER',
    'error_result RECORD reason location debug_info message',
    'cache_hit BOOLEAN',
    'destination_table RECORD project_id dataset_id table_id',
    'referenced_tables RECORD[] project_id dataset_id table_id',
    'labels RECORD[] key value',
    'total_bytes_billed INTEGER',
    'transaction_id STRING',
    'parent_job_id STRING',
    'session_info RECORD session_id',
  ]);
});

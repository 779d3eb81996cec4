import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import {
  isOfReconciliation,
  jobsQuery,
  RECONCILE_LABEL,
} from '../../../../src/reports/reconciliation/jobs/jobs-query.ts';
import { JobsUnreadable, readJobs } from '../../../../src/reports/reconciliation/jobs/read-jobs.ts';
import type { WarehouseJob } from '../../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import { type LittleServer, littleServer, sendJson } from '../../../little-server.ts';
import { noon } from '../builders.ts';

describe('the jobs of reconciliations', () => {
  const labelled = new Map([[RECONCILE_LABEL, 'jobs']]);

  it('are recognised by their label and SQL together', () => {
    const start = jobsQuery('project', 'US').slice(0, 200);

    expect(isOfReconciliation(labelled, start)).toBe(true);
    expect(isOfReconciliation(new Map(), start)).toBe(false);
    expect(isOfReconciliation(labelled, 'SELECT * FROM dear_table')).toBe(false);
  });
});

it('a list of jobs that cannot be read leads to an error that says what to do', async () => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'token' });
  const client = new BigQuery({
    projectId: 'project',
    apiEndpoint: 'http://127.0.0.1:1',
    authClient,
    autoRetry: false,
  });
  const reading = readJobs(
    client,
    { projectId: 'project', location: 'US' },
    { fromMs: noon, toMs: noon + 1 },
  );

  const failure = await reading.next().catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(JobsUnreadable);
  expect(String(failure)).toMatch(
    /jobs of project in US .*bigquery\.jobs\.listAll.*bigquery\.resourceViewer/s,
  );
});

/** A warehouse that lists one job, whose columns are as said; of the others it says nothing. */
function listing(columns: Readonly<Record<string, string>>): Promise<LittleServer> {
  const names = ['project_id', 'job_id', 'user_email', 'state', 'statement_type', 'cache_hit', 'labels'];
  const others = [
    'created_at_ms',
    'started_at_ms',
    'ended_at_ms',
    'bytes_processed',
    'bytes_billed',
    'slot_ms',
  ];
  const last = ['reservation_id', 'error_reason', 'sql_start', 'model_bytes_billed'];
  const all = [...names, ...others, ...last];
  const told = {
    jobReference: { projectId: 'project', jobId: 'job_1', location: 'US' },
    jobComplete: true,
    totalRows: '1',
    schema: {
      fields: all.map((name) => ({
        name,
        type: name === 'cache_hit' ? 'BOOLEAN' : 'STRING',
        mode: 'NULLABLE',
      })),
    },
    rows: [{ f: all.map((name) => ({ v: columns[name] ?? null })) }],
  };
  return littleServer((response) => sendJson(response, 200, told));
}

/** The jobs read from such a list, whose one job is done unless its columns say otherwise. */
async function readFrom(columns: Readonly<Record<string, string>>): Promise<readonly WarehouseJob[]> {
  const done = { state: 'DONE', created_at_ms: String(noon), ended_at_ms: String(noon) };
  const server = await listing({ project_id: 'project', job_id: 'job_1', ...done, ...columns });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'token' });
  const client = new BigQuery({ projectId: 'project', apiEndpoint: server.url, authClient });
  const read: WarehouseJob[] = [];
  const span = { fromMs: noon, toMs: noon + 1 };
  for await (const job of readJobs(client, { projectId: 'project', location: 'US' }, span)) read.push(job);
  return read;
}

it.each([
  ['a script that made models, for what it was billed for them', '30', { ofModels: 30n, ofAll: 100n }],
  ['a script that made none', null, 'none'],
])('reads how many bytes went into models, for %s', async (_what, modelBytes, models) => {
  const script = { statement_type: 'SCRIPT', bytes_billed: '100' };
  const read = await readFrom({
    ...script,
    ...(modelBytes === null ? {} : { model_bytes_billed: modelBytes }),
  });

  expect(read).toMatchObject([{ jobId: 'job_1', bytesBilled: 100n, models }]);
});

it.each([
  ['nothing where it comes from the cache', { cache_hit: 'true' }, 0n],
  ['nothing where it failed', { error_reason: 'invalidQuery' }, 0n],
  [
    'an unknown amount where it was cancelled, which may be billed all the same',
    { error_reason: 'stopped', started_at_ms: String(noon - 1) },
    null,
  ],
  [
    'nothing where it was cancelled while it waited',
    { error_reason: 'stopped', started_at_ms: String(noon) },
    0n,
  ],
  ['nothing where it was cancelled, and has no beginning', { error_reason: 'stopped' }, 0n],
  ['an unknown amount elsewhere, since row-level security hides it', { cache_hit: 'false' }, null],
])('takes a job without bytes to have been billed %s', async (_what, columns, bytes) => {
  expect(await readFrom(columns)).toMatchObject([{ bytesProcessed: bytes, bytesBilled: bytes, slotMs: 0n }]);
});

it('takes a job that is not done to have no end, whatever its row says', async () => {
  expect(await readFrom({ state: 'RUNNING' })).toMatchObject([{ endedAtMs: null }]);
  expect(await readFrom({})).toMatchObject([{ endedAtMs: noon }]);
});

import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import {
  isOfReconciliation,
  jobsQuery,
  RECONCILE_LABEL,
} from '../../../src/reconciliation/jobs/jobs-query.ts';
import { JobsUnreadable, readJobs } from '../../../src/reconciliation/jobs/read-jobs.ts';
import type { WarehouseJob } from '../../../src/reconciliation/jobs/warehouse-job.ts';
import { type LittleServer, littleServer, sendJson } from '../../estimate/little-server.ts';
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
  const others = ['created_at_ms', 'ended_at_ms', 'bytes_processed', 'bytes_billed', 'slot_ms'];
  const last = ['reservation_id', 'error_reason', 'sql_start', 'model_bytes_billed'];
  const all = [...names, ...others, ...last];
  const told = {
    jobReference: { projectId: 'project', jobId: 'job_1', location: 'US' },
    jobComplete: true,
    totalRows: '1',
    schema: { fields: all.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' })) },
    rows: [{ f: all.map((name) => ({ v: columns[name] ?? null })) }],
  };
  return littleServer((response) => sendJson(response, 200, told));
}

it.each([
  ['a script that made models, for what it was billed for them', '30', { ofModels: 30n, ofAll: 100n }],
  ['a script that made none', null, 'none'],
])('reads how many bytes went into models, for %s', async (_what, modelBytes, models) => {
  const server = await listing({
    project_id: 'project',
    job_id: 'script_1',
    state: 'DONE',
    statement_type: 'SCRIPT',
    created_at_ms: String(noon),
    ended_at_ms: String(noon),
    bytes_billed: '100',
    ...(modelBytes === null ? {} : { model_bytes_billed: modelBytes }),
  });
  expect(await jobsOn(server)).toMatchObject([{ jobId: 'script_1', bytesBilled: 100n, models }]);
});

it.each([
  ['a job that failed', 'invalidQuery', 0n],
  ['a job that was cancelled, which may be billed all the same', 'stopped', null],
])('reads bytes that are not there, of %s', async (_what, reason, bytesBilled) => {
  const server = await listing({
    project_id: 'project',
    job_id: 'job_1',
    state: 'DONE',
    created_at_ms: String(noon),
    ended_at_ms: String(noon),
    error_reason: reason,
  });

  expect(await jobsOn(server)).toMatchObject([{ jobId: 'job_1', bytesBilled }]);
});

async function jobsOn(server: LittleServer): Promise<readonly WarehouseJob[]> {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'token' });
  const client = new BigQuery({ projectId: 'project', apiEndpoint: server.url, authClient });
  const read: WarehouseJob[] = [];
  const span = { fromMs: noon, toMs: noon + 1 };
  for await (const job of readJobs(client, { projectId: 'project', location: 'US' }, span)) read.push(job);
  return read;
}

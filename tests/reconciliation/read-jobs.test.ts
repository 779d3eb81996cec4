import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { fullName, parseJobName } from '../../src/reconciliation/job-name.ts';
import { isOfReconciliation, jobsQuery, RECONCILE_LABEL } from '../../src/reconciliation/jobs-query.ts';
import { JobsUnreadable, readJobs } from '../../src/reconciliation/read-jobs.ts';
import { noon } from './builders.ts';

describe('a job’s name', () => {
  it('is read where the project holds a colon, and where the location is left out', () => {
    expect(parseJobName('example.com:project:southamerica-east1.job_1')).toEqual({
      projectId: 'example.com:project',
      location: 'southamerica-east1',
      jobId: 'job_1',
    });
    expect(parseJobName('project:job_1')).toEqual({ projectId: 'project', location: null, jobId: 'job_1' });
  });

  it('is written as BigQuery writes it', () => {
    const name = 'project:US.job_1';
    const { projectId, location, jobId } = parseJobName(name);
    expect(fullName({ projectId, location: location ?? '', jobId })).toBe(name);
  });
});

describe('the jobs of reconciliations', () => {
  const labelled = new Map([[RECONCILE_LABEL, 'jobs']]);

  it('are known by their label and their SQL together', () => {
    const start = jobsQuery('project', 'US').slice(0, 200);

    expect(isOfReconciliation(labelled, start)).toBe(true);
    expect(isOfReconciliation(new Map(), start)).toBe(false);
    expect(isOfReconciliation(labelled, 'SELECT * FROM dear_table')).toBe(false);
  });
});

it('says what to do where the list of jobs cannot be read', async () => {
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

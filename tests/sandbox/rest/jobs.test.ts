import { expect, test } from 'vitest';
import {
  ANA,
  ask,
  BIA,
  clientOf,
  ENDLESS_SQL,
  envelope,
  insert,
  PROJECT,
  query,
  useSandbox,
} from './sandbox.ts';

const sandbox = useSandbox();

test("Google's own client cancels a running job, which ends as stopped", async () => {
  const bigquery = clientOf(sandbox());
  const [job] = await bigquery.createQueryJob({ query: ENDLESS_SQL });

  const [cancelled] = await job.cancel();
  const results = job.getQueryResults();

  expect(cancelled).toMatchObject({
    kind: 'bigquery#jobCancelResponse',
    job: { id: `${PROJECT}:US.${job.id}` },
  });
  await expect(results).rejects.toMatchObject({ errors: [{ reason: 'stopped' }] });
  const [metadata] = await job.getMetadata();
  expect(metadata.status).toMatchObject({ state: 'DONE', errorResult: { reason: 'stopped' } });
});

test('only who started a job may cancel it', async () => {
  const started = await query(sandbox(), ENDLESS_SQL, { timeoutMs: 1 });
  const cancel = `/projects/${PROJECT}/jobs/${started.body.jobReference.jobId}/cancel`;

  const stranger = await ask(sandbox(), cancel, { method: 'POST', principal: BIA });
  const owner = await ask(sandbox(), cancel, { method: 'POST', principal: ANA });

  expect(stranger.status).toBe(403);
  expect(stranger.body.error.errors[0].reason).toBe('accessDenied');
  expect(owner.status).toBe(200);
});

test('an unknown job, or one in another location, is not found', async () => {
  await insert(sandbox(), { query: { query: 'SELECT 1', useLegacySql: false } }, { jobId: 'here' });

  const absent = await ask(sandbox(), `/projects/${PROJECT}/jobs/absent`);
  const elsewhere = await ask(sandbox(), `/projects/${PROJECT}/jobs/here?location=EU`);

  expect(absent.body).toEqual(envelope(404, 'NOT_FOUND', 'notFound', `Not found: Job ${PROJECT}:US.absent`));
  expect(elsewhere.body).toEqual(envelope(404, 'NOT_FOUND', 'notFound', `Not found: Job ${PROJECT}:EU.here`));
});

test('the list has the caller’s own jobs, newest first, with configuration only on request', async () => {
  await query(sandbox(), 'SELECT 1 AS carla', {}, 'carla@guardrail-demo.example');
  await query(sandbox(), 'SELECT 2 AS carla', {}, 'carla@guardrail-demo.example');
  await query(sandbox(), 'SELECT 3 AS bia', {}, BIA);
  const carla = { principal: 'carla@guardrail-demo.example' };

  const own = await ask(sandbox(), `/projects/${PROJECT}/jobs?projection=full`, carla);
  const minimal = await ask(sandbox(), `/projects/${PROJECT}/jobs`, carla);
  const all = await ask(
    sandbox(),
    `/projects/${PROJECT}/jobs?projection=full&allUsers=true&maxResults=2`,
    carla,
  );

  const texts = (answer: typeof own) =>
    answer.body.jobs.map(
      (job: { configuration: { query: { query: string } } }) => job.configuration.query.query,
    );
  expect(own.body.kind).toBe('bigquery#jobList');
  expect(texts(own)).toEqual(['SELECT 2 AS carla', 'SELECT 1 AS carla']);
  expect(minimal.body.jobs[0]).toMatchObject({ state: 'DONE', user_email: 'carla@guardrail-demo.example' });
  expect(minimal.body.jobs[0].configuration).toBeUndefined();
  expect(texts(all)).toEqual(['SELECT 3 AS bia', 'SELECT 2 AS carla']);
});

test('pages of the list stay stable when jobs are created in between', async () => {
  const dora = 'dora@guardrail-demo.example';
  for (const n of [1, 2, 3]) await query(sandbox(), `SELECT ${n} AS dora`, {}, dora);
  const list = `/projects/${PROJECT}/jobs?projection=full&maxResults=2`;

  const first = await ask(sandbox(), list, { principal: dora });
  await query(sandbox(), 'SELECT 4 AS dora', {}, dora);
  const second = await ask(sandbox(), `${list}&pageToken=${first.body.nextPageToken}`, { principal: dora });

  const texts = [...first.body.jobs, ...second.body.jobs].map((job) => job.configuration.query.query);
  expect(texts).toEqual(['SELECT 3 AS dora', 'SELECT 2 AS dora', 'SELECT 1 AS dora']);
  expect(second.body.nextPageToken).toBeUndefined();
});

test('the list can be filtered by state and by creation time', async () => {
  const eva = 'eva@guardrail-demo.example';
  const running = await query(sandbox(), ENDLESS_SQL, { timeoutMs: 1 }, eva);
  const done = await query(sandbox(), 'SELECT 1 AS eva', {}, eva);
  const list = async (filter: string): Promise<readonly string[]> => {
    const answer = await ask(sandbox(), `/projects/${PROJECT}/jobs?${filter}`, { principal: eva });
    return answer.body.jobs.map((job: { jobReference: { jobId: string } }) => job.jobReference.jobId);
  };
  const after = Number(done.body.creationTime) + 1;

  const filtered = await Promise.all([
    list('stateFilter=running'),
    list('stateFilter=done'),
    list('stateFilter=done&stateFilter=running'),
    list(`minCreationTime=${after}`),
    list(`maxCreationTime=${after}`),
  ]);
  await ask(sandbox(), `/projects/${PROJECT}/jobs/${running.body.jobReference.jobId}/cancel`, {
    method: 'POST',
    principal: eva,
  });

  const r = running.body.jobReference.jobId;
  const d = done.body.jobReference.jobId;
  expect(filtered).toEqual([[r], [d], [d, r], [], [d, r]]);
});

test("Google's own client lists every job, page after page", async () => {
  const bigquery = clientOf(sandbox(), 'fabi@guardrail-demo.example');
  for (let n = 0; n < 60; n += 1) await bigquery.query(`SELECT ${n} AS fabi`);

  const [jobs] = await bigquery.getJobs();

  expect(new Set(jobs.map((job) => job.id)).size).toBe(60);
});

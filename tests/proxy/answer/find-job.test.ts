import { expect, test } from 'vitest';
import { createJobFinder, type JobFinder } from '../../../src/proxy/answer/find-job.ts';
import { ANA, asker, PROJECT } from '../../estimate/builders.ts';
import { type LittleServer, littleServer, sendJson } from '../../estimate/little-server.ts';

/** A job of a decision's, as `jobs.list` tells it. */
function listed(decision: string) {
  return {
    jobReference: { projectId: PROJECT, jobId: `job_of_${decision}`, location: 'US' },
    configuration: { labels: { guardrail_decision: decision } },
    status: { state: 'RUNNING' },
    statistics: { creationTime: '1' },
    user_email: ANA,
  };
}

/** The job of decision `lost`, which was admitted at 1,000,000 ms. */
function find(
  { url }: LittleServer,
  signal = new AbortController().signal,
  delaysMs?: readonly number[],
): ReturnType<JobFinder> {
  const findJob = createJobFinder({ upstream: url, signal }, delaysMs);
  return findJob({ projectId: PROJECT, decisionId: 'lost', atMs: 1_000_000, asker: asker('t') });
}

test('a lost job is found by its label behind a thousand others of the same principal', async () => {
  const server = await littleServer((response, _seen, count) =>
    count === 1
      ? sendJson(response, 200, {
          jobs: Array.from({ length: 1000 }, (_, i) => listed(`other-${i}`)),
          nextPageToken: 'older',
        })
      : sendJson(response, 200, { jobs: [listed('lost'), listed('older')], nextPageToken: 'oldest' }),
  );

  expect(await find(server)).toEqual({ jobId: 'job_of_lost', location: 'US' });

  const asked = server.seen.map(({ url }) => new URL(url, server.url).searchParams);
  expect(asked.map((parameters) => parameters.get('pageToken'))).toEqual([null, 'older']);
  expect(asked[0]?.get('minCreationTime')).toBe(String(1_000_000 - 60_000));
});

test('a lost job is looked for again where it is not listed yet, or the list cannot be had', async () => {
  const server = await littleServer((response, _seen, count) =>
    count === 1 ? sendJson(response, 503, {}) : sendJson(response, 200, { jobs: [listed('lost')] }),
  );

  expect(await find(server)).toEqual({ jobId: 'job_of_lost', location: 'US' });
  expect(server.seen).toHaveLength(2);
});

test('a lost job is looked for no more when the process stops', async () => {
  const stop = new AbortController();
  const server = await littleServer((response) => sendJson(response, 200, { jobs: [listed('other')] }));
  const finding = find(server, stop.signal);
  await expect.poll(() => server.seen.length).toBe(1);

  stop.abort();

  expect(await finding).toBeNull();
  expect(server.seen).toHaveLength(1);
});

test.each([
  ['that none is listed', 200, { jobs: [listed('other')] }, 'none'],
  ['nothing, where the list cannot be had', 403, {}, null],
])('of a job that is not found in the end is told %s', async (_what, status, body, told) => {
  const server = await littleServer((response) => sendJson(response, status, body));

  expect(await find(server, undefined, [0, 0])).toBe(told);
  expect(server.seen).toHaveLength(2);
});

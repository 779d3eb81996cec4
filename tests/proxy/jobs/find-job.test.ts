import { describe, expect, test } from 'vitest';
import { createJobFinder, type JobFinder } from '../../../src/proxy/jobs/find-job.ts';
import { ANA, asker, PROJECT } from '../../estimate/builders.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';

/** The job of a decision, as `jobs.list` returns it. */
function listed(decision: string, jobId = `job_of_${decision}`) {
  return {
    jobReference: { projectId: PROJECT, jobId, location: 'US' },
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
  isRepeat = false,
): ReturnType<JobFinder> {
  const findJob = createJobFinder({ upstream: url, signal }, delaysMs);
  return findJob({ projectId: PROJECT, decisionId: 'lost', atMs: 1_000_000, asker: asker('t'), isRepeat });
}

test('a lost job is found by its label, on the page after a thousand other jobs of the same principal', async () => {
  const server = await littleServer((response, _seen, count) =>
    count === 1
      ? sendJson(response, 200, {
          jobs: Array.from({ length: 1000 }, (_, i) => listed(`other-${i}`)),
          nextPageToken: 'older',
        })
      : sendJson(response, 200, { jobs: [listed('lost'), listed('older')], nextPageToken: 'oldest' }),
  );

  expect(await find(server)).toEqual({ jobId: 'job_of_lost', location: 'US' });

  const queries = server.seen.map(({ url }) => new URL(url, server.url).searchParams);
  expect(queries.map((parameters) => parameters.get('pageToken'))).toEqual([null, 'older']);
  expect(queries[0]?.get('minCreationTime')).toBe(String(1_000_000 - 60_000));
});

test('a lost job is looked for again if listing the jobs fails', async () => {
  const server = await littleServer((response, _seen, count) =>
    count === 1 ? sendJson(response, 503, {}) : sendJson(response, 200, { jobs: [listed('lost')] }),
  );

  expect(await find(server)).toEqual({ jobId: 'job_of_lost', location: 'US' });
  expect(server.seen).toHaveLength(2);
});

test('a job that is not among the twenty thousand latest may still be there: nobody says that there is none', async () => {
  const server = await littleServer((response) =>
    sendJson(response, 200, { jobs: [listed('other')], nextPageToken: 'older' }),
  );

  expect(await find(server, new AbortController().signal, [0])).toBeNull();
});

test('a lost job is no longer looked for once the process stops', async () => {
  const stop = new AbortController();
  const server = await littleServer((response) => sendJson(response, 200, { jobs: [listed('other')] }));
  const finding = find(server, stop.signal);
  await expect.poll(() => server.seen.length).toBe(1);

  stop.abort();

  expect(await finding).toBeNull();
  expect(server.seen).toHaveLength(1);
});

test.each([
  ['"none" if the jobs were listed', 200, { jobs: [listed('other')] }, 'none'],
  ['null if the jobs could not be listed', 403, {}, null],
])('the result for a job that is never found is %s', async (_what, status, body, result) => {
  const server = await littleServer((response) => sendJson(response, status, body));

  expect(await find(server, undefined, [0, 0])).toBe(result);
  expect(server.seen).toHaveLength(2);
});

test('a job that was not listed yet may be by now, if the jobs could not be listed again', async () => {
  const server = await littleServer((response, _seen, count) =>
    count === 1 ? sendJson(response, 200, { jobs: [listed('other')] }) : sendJson(response, 503, {}),
  );

  expect(await find(server, undefined, [0, 0])).toBeNull();
});

describe('the job of a request that was sent with the label of an earlier one', () => {
  const ofBoth = [listed('lost', 'job_of_second'), listed('lost', 'job_of_first')];
  const ofFirst = ofBoth.slice(1);

  test.each([
    ['the newest that is listed in the end', [{ jobs: ofFirst }, { jobs: ofBoth }], 'job_of_second'],
    [
      'the only one, if BigQuery took both for one request',
      [{ jobs: ofFirst }, { jobs: ofFirst }],
      'job_of_first',
    ],
    ['the last one seen, if it is no longer listed', [{ jobs: ofFirst }, { jobs: [] }], 'job_of_first'],
    ['the last one seen, if the jobs can no longer be listed', [{ jobs: ofFirst }, {}], 'job_of_first'],
  ])('is %s', async (_which, answers, jobId) => {
    const server = await littleServer((response, _seen, count) => {
      const answer = answers[count - 1] ?? {};
      sendJson(response, 'jobs' in answer ? 200 : 503, answer);
    });

    expect(await find(server, undefined, [0, 0], true)).toEqual({ jobId, location: 'US' });
  });
});

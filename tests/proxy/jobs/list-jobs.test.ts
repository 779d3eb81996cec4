import { expect, test } from 'vitest';
import { jobsSince } from '../../../src/proxy/jobs/list-jobs.ts';
import { asker } from '../../estimate/builders.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';

function listed(jobId: string) {
  return {
    jobReference: { projectId: 'a.com:p', jobId, location: 'US' },
    status: { state: 'DONE' },
    statistics: { creationTime: '1' },
  };
}

async function namesOf({ url }: LittleServer): Promise<readonly string[]> {
  const warehouse = { upstream: url, signal: new AbortController().signal };
  const names: string[] = [];
  for await (const { jobReference } of jobsSince(warehouse, asker('t'), 'a.com:p', 100_000)) {
    names.push(jobReference.jobId);
  }
  return names;
}

test('jobs are listed page by page, with the caller’s own credential, from a minute before the given time', async () => {
  const server = await littleServer((response, _seen, count) =>
    sendJson(response, 200, {
      jobs: [listed(`job_${count}`)],
      ...(count < 3 ? { nextPageToken: `after ${count}` } : {}),
    }),
  );

  expect(await namesOf(server)).toEqual(['job_1', 'job_2', 'job_3']);

  const urls = server.seen.map(({ url }) => new URL(url, server.url));
  expect(new Set(urls.map(({ pathname }) => pathname))).toEqual(
    new Set(['/bigquery/v2/projects/a.com%3Ap/jobs']),
  );
  expect(urls.map(({ searchParams }) => searchParams.get('pageToken'))).toEqual([null, 'after 1', 'after 2']);
  expect(urls.map(({ searchParams }) => searchParams.get('minCreationTime'))).toEqual(Array(3).fill('40000'));
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer t'));
});

test('more than twenty pages are not read: that there are more is an error, so that what is not found is not taken for missing', async () => {
  const server = await littleServer((response, _seen, count) =>
    sendJson(response, 200, { jobs: [listed(`job_${count}`)], nextPageToken: 'more' }),
  );

  await expect(namesOf(server)).rejects.toThrow('more than 20000 jobs');

  expect(server.seen).toHaveLength(20);
});

test('a refused list is reported with its HTTP status', async () => {
  const server = await littleServer((response) => sendJson(response, 403, { error: { code: 403 } }));

  await expect(namesOf(server)).rejects.toThrow('jobs.list with HTTP 403');
});

import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { createJobFollower, type FollowedJob } from '../../../src/proxy/jobs/follow-job.ts';
import { asker } from '../../estimate/builders.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';

const jobReference = { projectId: 'p', jobId: 'job_1', location: 'US' };
const running = { jobReference, status: { state: 'RUNNING' } };
const done = {
  user_email: 'ana@x.example',
  jobReference,
  status: { state: 'DONE' },
  statistics: { totalSlotMs: '9', query: { totalBytesProcessed: '70', totalBytesBilled: '10485760' } },
};

/** A job to follow. */
function followed(changes: Partial<FollowedJob> = {}): FollowedJob {
  return { projectId: 'p', jobId: 'job_1', location: 'US', asker: asker('t'), ...changes };
}

function follow(upstream: string, job = followed(), signal = new AbortController().signal) {
  return createJobFollower({ upstream, signal }).follow(job);
}

/** Follows the job only for as long as the warehouse has been asked about it, and tells whether it was seen until then. */
async function followBriefly(upstream: string, job = followed()) {
  const onUnseen = vi.fn();
  const follower = createJobFollower({ upstream, signal: new AbortController().signal }, 400);
  return { outcome: await follower.follow(job, onUnseen), unseen: onUnseen.mock.calls.length };
}

/** Follows the job while its client keeps asking about it. */
function followAskedAbout(upstream: string, givenUpAfterMs?: number) {
  const follower = createJobFollower({ upstream, signal: new AbortController().signal }, givenUpAfterMs);
  const asking = setInterval(() => follower.nudge(['p', 'job_1'], null), 20);
  return follower.follow(followed()).finally(() => clearInterval(asking));
}

/** A warehouse that gives these answers in order, and then repeats the last one. */
function warehouse(...answers: ((response: ServerResponse) => void)[]): Promise<LittleServer> {
  return littleServer((response, _seen, count) => answers[Math.min(count, answers.length) - 1]?.(response));
}

const says =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    sendJson(response, status, body);
const breaksOff = (response: ServerResponse) => {
  response.destroy();
};

describe('a followed job', () => {
  test('is polled until it has ended, at growing intervals', async () => {
    const at: number[] = [];
    const server = await littleServer((response, _seen, count) => {
      at.push(performance.now());
      sendJson(response, 200, count < 3 ? running : done);
    });

    const outcome = await follow(server.url);

    expect(outcome).toEqual({
      jobId: 'job_1',
      location: 'US',
      done: true,
      bytesProcessed: 70n,
      bytesBilled: 10485760n,
      cacheHit: false,
      slotMs: 9,
      errorReason: null,
      neverBegan: false,
      reservation: null,
      statementType: null,
      userEmail: 'ana@x.example',
      asker: asker('t'),
    });
    const [first = 0, second = 0, third = 0] = at;
    expect(at).toHaveLength(3);
    expect(second - first).toBeGreaterThan(240);
    expect(third - second).toBeGreaterThan(480);
  });

  test('is polled with the credential that started it, in its location, and only for the fields needed', async () => {
    const server = await warehouse(says(done));

    await follow(
      server.url,
      followed({ projectId: 'a.com:p', jobId: 'job 1', location: 'southamerica-east1' }),
    );

    const url = new URL(server.seen[0]?.url ?? '', server.url);
    expect(url.pathname).toBe('/bigquery/v2/projects/a.com%3Ap/jobs/job%201');
    expect(url.searchParams.get('location')).toBe('southamerica-east1');
    expect(url.searchParams.get('fields')).toBe(
      'jobReference,user_email,status(state,errorResult(reason)),statistics',
    );
    expect(server.seen[0]?.method).toBe('GET');
    expect(server.seen[0]?.headers['authorization']).toBe('Bearer t');
  });

  test('is polled with the query parameters of the request that started it', async () => {
    const server = await warehouse(says(done));

    await follow(server.url, followed({ asker: asker('t', { search: '?key=k&quotaUser=ana' }) }));

    const { searchParams } = new URL(server.seen[0]?.url ?? '', server.url);
    expect(Object.fromEntries(searchParams)).toMatchObject({ key: 'k', quotaUser: 'ana', location: 'US' });
  });

  test('is polled without a location if its location is unknown', async () => {
    const server = await warehouse(says(done));

    await follow(server.url, followed({ location: null }));

    expect(server.seen[0]?.url).not.toContain('location');
  });

  test('that failed is reported with the reason', async () => {
    const server = await warehouse(
      says({ ...done, status: { state: 'DONE', errorResult: { reason: 'stopped' } } }),
    );

    expect(await follow(server.url)).toMatchObject({ done: true, errorReason: 'stopped' });
  });

  test.each([401, 403, 404])(
    'is asked about only once with a credential for which the warehouse answers %i',
    async (status) => {
      const server = await warehouse(says({ error: { code: status } }, status));

      expect(await followBriefly(server.url)).toEqual({ outcome: null, unseen: 1 });
      expect(server.seen).toHaveLength(1);
    },
  );

  test('is not asked about again if the warehouse redirects to another server, and the token is not sent there', async () => {
    const elsewhere = await warehouse(says(done));
    const server = await warehouse((response) =>
      response.writeHead(307, { location: `${elsewhere.url}/` }).end(),
    );

    expect(await followBriefly(server.url)).toEqual({ outcome: null, unseen: 1 });
    expect(server.seen).toHaveLength(1);
    expect(elsewhere.seen).toEqual([]);
  });

  test.each([
    ['answers 503', says({}, 503)],
    ['answers 429', says({}, 429)],
    ['answers 403 to too many requests', says({ error: { errors: [{ reason: 'rateLimitExceeded' }] } }, 403)],
    ['closes the connection', breaksOff],
  ])('is polled again if the warehouse %s', async (_what, trouble) => {
    const server = await warehouse(trouble, says(done));

    expect(await follow(server.url)).toMatchObject({ done: true, bytesBilled: 10485760n });
    expect(server.seen).toHaveLength(2);
  });

  describe('whose credential holds no longer', () => {
    /** A warehouse that shows a job to whoever has one of these tokens, and tells its end only to the last of them. */
    function showing(...tokens: readonly string[]): Promise<LittleServer> {
      return littleServer((response, { headers }) => {
        const known = tokens.findIndex((token) => headers.authorization === `Bearer ${token}`);
        if (known === -1) sendJson(response, 401, {});
        else sendJson(response, 200, known === tokens.length - 1 ? done : running);
      });
    }

    test('is asked about with the one with which its client has since been shown it', async () => {
      const server = await showing('t', 'renewed');
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length).toBe(1);

      follower.nudge(['p', 'job_1'], asker('renewed'));

      expect(await following).toMatchObject({
        done: true,
        bytesBilled: 10485760n,
        asker: asker('renewed'),
      });
    });

    test('is asked about with it by everyone who follows the job', async () => {
      const server = await showing('t', 'renewed');
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = [follower.follow(followed()), follower.follow(followed())];
      await expect.poll(() => server.seen.length).toBe(2);

      follower.nudge(['p', 'job_1'], asker('renewed'));

      expect(await Promise.all(following)).toMatchObject([{ done: true }, { done: true }]);
    });

    test('is asked about with its own too while the warehouse has no time for the other', async () => {
      const server = await littleServer((response, { headers }, count) => {
        if (headers.authorization === 'Bearer t') sendJson(response, 200, count > 1 ? done : running);
        else sendJson(response, 429, {});
      });
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length).toBe(1);

      follower.nudge(['p', 'job_1'], asker('busy'));

      expect(await following).toMatchObject({ done: true });
      const tokens = server.seen.map(({ headers }) => headers.authorization);
      expect(tokens).toEqual(['Bearer t', 'Bearer busy', 'Bearer t']);
    });

    test('is not given up while the warehouse has no time for the other', async () => {
      const server = await littleServer((response, { headers }, count) => {
        if (count === 1) sendJson(response, 200, running);
        else if (headers.authorization === 'Bearer t') sendJson(response, 401, {});
        else sendJson(response, count === 2 ? 429 : 200, done);
      });
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length).toBe(1);

      follower.nudge(['p', 'job_1'], asker('renewed'));

      expect(await following).toMatchObject({ done: true, asker: asker('renewed') });
    });

    test('is asked about once with a credential that no longer holds, however often it was shown to it', async () => {
      const server = await warehouse(says(running), says({}, 401));
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal }, 300);
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length).toBe(1);

      follower.nudge(['p', 'job_1'], asker('t'));
      follower.nudge(['p', 'job_1'], asker('t'));

      expect(await following).toBeNull();
      expect(server.seen).toHaveLength(2);
    });

    test('is settled by its client’s next one, even if that comes after its own was refused', async () => {
      const server = await showing('renewed');
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const refused = Promise.withResolvers<void>();
      const following = follower.follow(followed(), refused.resolve);
      await refused.promise;

      follower.nudge(['p', 'job_1'], asker('renewed'));

      expect(await following).toMatchObject({ done: true, asker: asker('renewed') });
    });

    test.each([
      ['its client', ['renewed'], 'renewed'],
      ['whoever started it', [], 't'],
    ])(
      'is asked about with that of %s again if all who looked later are refused',
      async (_who, first, holds) => {
        const server = await littleServer((response, { headers }, count) => {
          if (count === 1) sendJson(response, 200, running);
          else if (headers.authorization === `Bearer ${holds}`) sendJson(response, 200, done);
          else sendJson(response, 401, {});
        });
        const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
        const following = follower.follow(followed());
        await expect.poll(() => server.seen.length).toBe(1);

        const viewers = Array.from({ length: first.length === 0 ? 9 : 3 }, (_, i) => `viewer ${i}`);
        for (const token of [...first, ...viewers]) follower.nudge(['p', 'job_1'], asker(token));

        expect(await following).toMatchObject({ done: true, asker: asker(holds) });
      },
    );

    test('is asked about with no more than the last few with which it was shown', async () => {
      const server = await warehouse(says(running), says({}, 401));
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal }, 300);
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length).toBe(1);

      for (let i = 0; i < 9; i += 1) follower.nudge(['p', 'job_1'], asker(`viewer ${i}`));

      expect(await following).toBeNull();
      const tokens = server.seen
        .slice(1)
        .map(({ headers }) => headers.authorization?.slice('Bearer '.length));
      expect(tokens).toEqual(['viewer 8', 'viewer 7', 'viewer 6', 'viewer 5', 't']);
    });

    test('is asked about with its own again if the other is refused', async () => {
      const server = await showing('another', 't');
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = follower.follow(followed({ asker: asker('another') }));
      await expect.poll(() => server.seen.length).toBe(1);

      follower.nudge(['p', 'job_1'], asker('unknown'));
      await expect.poll(() => server.seen.length).toBe(3);
      follower.nudge(['p', 'job_1'], asker('t'));

      expect(await following).toMatchObject({ done: true });
      const tokens = server.seen.map(({ headers }) => headers.authorization);
      expect(tokens.slice(0, 3)).toEqual(['Bearer another', 'Bearer unknown', 'Bearer another']);
    });
  });

  describe('that its client asks about all the time', () => {
    const ten = (trouble: unknown, status: number) => Array.from({ length: 10 }, () => says(trouble, status));

    test('is polled each time, so that its end is soon known', async () => {
      const server = await warehouse(...Array.from({ length: 6 }, () => says(running)), says(done));
      const startedAt = performance.now();

      expect(await followAskedAbout(server.url)).toMatchObject({ done: true });

      // Without being asked about, the seventh poll is after 16 seconds.
      expect(performance.now() - startedAt).toBeLessThan(8_000);
    });

    test('is polled again at once if its client asks while it is being polled', async () => {
      const asked = Promise.withResolvers<void>();
      const server = await warehouse(
        says(running),
        says(running),
        (response) => void asked.promise.then(() => sendJson(response, 200, running)),
        says(done),
      );
      const follower = createJobFollower({ upstream: server.url, signal: new AbortController().signal });
      const following = follower.follow(followed());
      await expect.poll(() => server.seen.length, { timeout: 5_000 }).toBe(3);

      follower.nudge(['p', 'job_1'], null);
      asked.resolve();

      // Without being asked about, the fourth poll would be a second later.
      await expect.poll(() => server.seen.length, { timeout: 700 }).toBe(4);
      await following;
    });

    test('is not given up for a dozen failures within as many moments', async () => {
      const server = await warehouse(...ten({}, 503), ...ten({}, 429), says(done));

      expect(await followAskedAbout(server.url)).toMatchObject({ done: true });
    });

    test.each([
      ['failures', {}, 503],
      ['answers without its state', { jobReference }, 200],
    ])('is given up once there have been only %s for too long', async (_which, trouble, status) => {
      const server = await warehouse(says(running), says(trouble, status));
      const startedAt = performance.now();

      expect(await followAskedAbout(server.url, 300)).toBeNull();

      expect(performance.now() - startedAt).toBeGreaterThan(290);
    });

    test('is not given up if it was seen between failures', async () => {
      const startedAt = performance.now();
      const server = await littleServer((response, _seen, count) => {
        if (performance.now() - startedAt > 2_500) sendJson(response, 200, done);
        else sendJson(response, count % 2 === 0 ? 503 : 200, running);
      });

      expect(await followAskedAbout(server.url, 1_500)).toMatchObject({ done: true });
    });
  });

  test('is no longer followed when the process stops between two polls', async () => {
    const stop = new AbortController();
    const server = await warehouse(says(running));
    const following = follow(server.url, followed(), stop.signal);
    await expect.poll(() => server.seen.length).toBe(1);

    stop.abort();

    expect(await following).toBeNull();
    expect(server.seen).toHaveLength(1);
  });

  test('is no longer followed when the process stops during a poll', async () => {
    const stop = new AbortController();
    const server = await littleServer(() => undefined);
    const following = follow(server.url, followed(), stop.signal);
    await expect.poll(() => server.seen.length).toBe(1);

    stop.abort();

    expect(await following).toBeNull();
  });

  test('is not polled at all if the process has already stopped', async () => {
    const server = await warehouse(says(done));

    expect(await follow(server.url, followed(), AbortSignal.abort())).toBeNull();
    expect(server.seen).toEqual([]);
  });
});

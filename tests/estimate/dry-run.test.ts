import { describe, expect, test } from 'vitest';
import { createDryRun } from '../../src/estimate/dry-run.ts';
import { littleServer, sendJson } from '../little-server.ts';
import { ANA, asker, job, PROJECT } from './builders.ts';
import { unpriced } from './unpriced.ts';

const ana = asker(`sandbox:${ANA}`);

describe('a dry run request', () => {
  const answer = { statistics: { query: { totalBytesProcessed: '1' } } };

  test("has the caller's configuration with dryRun set, and the caller's own headers and parameters", async () => {
    const server = await littleServer((response) => sendJson(response, 200, answer));
    const who = asker('t', {
      headers: { authorization: 'Bearer t', 'x-goog-user-project': 'quota' },
      search: '?key=k',
    });
    const configuration = { jobTimeoutMs: '5000', query: { query: 'SELECT 1' }, dryRun: false };

    await createDryRun({ upstream: server.url, timeoutMs: 5000 })(
      job('', { projectId: 'a.com:project/x', location: 'southamerica-east1', configuration }),
      who,
    );

    const [seen] = server.seen;
    expect(seen?.method).toBe('POST');
    expect(seen?.url).toBe('/bigquery/v2/projects/a.com%3Aproject%2Fx/jobs?key=k');
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-goog-user-project': 'quota',
      'content-type': 'application/json',
    });
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      jobReference: { projectId: 'a.com:project/x', location: 'southamerica-east1' },
      configuration: { jobTimeoutMs: '5000', query: { query: 'SELECT 1' }, dryRun: true },
    });
  });

  test('has no location if the caller gave none', async () => {
    const server = await littleServer((response) => sendJson(response, 200, answer));

    await createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana);

    expect(JSON.parse(server.seen[0]?.body ?? '').jobReference).toEqual({ projectId: PROJECT });
  });

  test('is sent again if its connection breaks before the answer', async () => {
    const server = await littleServer((response, _seen, count) => {
      if (count === 2) response.socket?.resetAndDestroy();
      else sendJson(response, 200, answer);
    });
    const dryRun = createDryRun({ upstream: server.url, timeoutMs: 5000 });

    await dryRun(job('SELECT 1'), ana);
    const again = await dryRun(job('SELECT 2'), ana);

    expect(again.bytesProcessed).toBe(1n);
    expect(server.seen.map(({ body }) => JSON.parse(body).configuration.query.query)).toEqual([
      'SELECT 1',
      'SELECT 2',
      'SELECT 2',
    ]);
  });

  test('is not sent a third time if the connection breaks again', async () => {
    const server = await littleServer((response) => void response.socket?.resetAndDestroy());

    await unpriced(createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana));

    expect(server.seen).toHaveLength(2);
  });

  test('has its duration reported, whether it succeeds or fails', async () => {
    const server = await littleServer((response, _seen, count) => {
      setTimeout(() => sendJson(response, count === 1 ? 200 : 403, answer), 50);
    });
    const seconds: number[] = [];
    const dryRun = createDryRun({
      upstream: server.url,
      timeoutMs: 5000,
      onSeconds: (took) => seconds.push(took),
    });

    await dryRun(job('SELECT 1'), ana);
    await unpriced(dryRun(job('SELECT 1'), ana));

    expect(seconds).toHaveLength(2);
    for (const took of seconds) {
      expect(took).toBeGreaterThan(0.04);
      expect(took).toBeLessThan(5);
    }
  });
});

import { describe, expect, test } from 'vitest';
import { createDryRun } from '../../src/estimate/dry-run.ts';
import { MIB } from '../../src/vocabulary/bytes.ts';
import { ANA, asker, job, PROJECT } from './builders.ts';
import { littleServer, sendJson } from './little-server.ts';
import { unpriced } from './unpriced.ts';

const ana = asker(`sandbox:${ANA}`);

describe('what a dry run sends', () => {
  const answer = { statistics: { query: { totalBytesProcessed: '1' } } };

  test("is a dry run of the caller's configuration, with the caller's own headers and parameters", async () => {
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

  test('names no location where the caller named none', async () => {
    const server = await littleServer((response) => sendJson(response, 200, answer));

    await createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana);

    expect(JSON.parse(server.seen[0]?.body ?? '').jobReference).toEqual({ projectId: PROJECT });
  });

  test('is sent once more where its connection broke before it was answered', async () => {
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

  test('is not sent a third time', async () => {
    const server = await littleServer((response) => void response.socket?.resetAndDestroy());

    await unpriced(createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana));

    expect(server.seen).toHaveLength(2);
  });

  test('tells how long it took, whether there was a price or not', async () => {
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

describe('what a dry run understands', () => {
  async function estimateFrom(body: unknown) {
    const server = await littleServer((response) => sendJson(response, 200, body));
    return createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana);
  }

  test('is bytes beyond 2^53, exactly', async () => {
    const estimate = await estimateFrom({
      statistics: { query: { totalBytesProcessed: '9007199254740993' } },
    });

    expect(estimate.bytesProcessed).toBe(9007199254740993n);
  });

  test('is bytes told above the query alone, and defaults for what is not told', async () => {
    expect(await estimateFrom({ statistics: { totalBytesProcessed: '5', query: {} } })).toMatchObject({
      principal: null,
      statementType: 'UNKNOWN',
      location: 'US',
      bytesProcessed: 5n,
      bytesBilled: 10n * MIB,
      accuracy: 'UNKNOWN',
      referencedTables: [],
    });
  });

  test("is the API's accuracies and no other", async () => {
    const accuracyOf = async (totalBytesProcessedAccuracy: string) =>
      (
        await estimateFrom({
          statistics: { query: { totalBytesProcessed: '1', totalBytesProcessedAccuracy } },
        })
      ).accuracy;

    expect(await accuracyOf('LOWER_BOUND')).toBe('LOWER_BOUND');
    expect(await accuracyOf('UPPER_BOUND')).toBe('UPPER_BOUND');
    expect(await accuracyOf('ROUGHLY')).toBe('UNKNOWN');
  });

  test('is where the job runs, by which it is priced', async () => {
    const estimate = await estimateFrom({
      jobReference: { location: 'southamerica-east1' },
      statistics: { query: { totalBytesProcessed: '1' } },
    });

    expect(estimate.location).toBe('southamerica-east1');
  });

  test.each([
    ['an empty object', {}, 'could not be understood'],
    ['a job without a query', { statistics: { totalBytesProcessed: '1' } }, 'could not be understood'],
    ['no bytes', { statistics: { query: {} } }, 'names no totalBytesProcessed'],
    ['negative bytes', { statistics: { query: { totalBytesProcessed: '-1' } } }, 'could not be understood'],
    ['bytes that are no number', { statistics: { query: { totalBytesProcessed: '1e9' } } }, 'understood'],
    ['a list', [], 'could not be understood'],
    ['null', null, 'could not be understood'],
  ])('is no price from %s', async (_what, body, why) => {
    const error = await unpriced(estimateFrom(body));

    expect(error.answer).toBeNull();
    expect(error.message).toContain(why);
  });
});

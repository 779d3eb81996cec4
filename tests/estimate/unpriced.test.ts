import { describe, expect, test } from 'vitest';
import { createDryRun } from '../../src/estimate/dry-run.ts';
import { deadAddress, littleServer, sendJson } from '../little-server.ts';
import { asker, job } from './builders.ts';
import { unpriced } from './unpriced.ts';

describe('a dry run that fails', () => {
  async function dryRunOn(upstream: string, timeoutMs = 5000) {
    return unpriced(createDryRun({ upstream, timeoutMs })(job('SELECT 1'), asker('secret-token')));
  }

  test('says so if the warehouse cannot be reached', async () => {
    const error = await dryRunOn(await deadAddress());

    expect(error.answer).toBeNull();
    expect(error.message).toBe('The warehouse could not be reached for the dry run');
  });

  test('says that the warehouse could not be reached if its answer breaks off', async () => {
    const server = await littleServer((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"statistics":', () => response.destroy());
    });

    const error = await dryRunOn(server.url);

    expect(error.answer).toBeNull();
    expect(error.message).toContain('could not be reached');
  });

  test('says so if the answer is not JSON', async () => {
    const server = await littleServer((response) => response.end('<html>welcome</html>'));

    const error = await dryRunOn(server.url);

    expect(error.answer).toBeNull();
    expect(error.message).toBe("The warehouse's dry run is not JSON");
  });

  test('says so if the warehouse takes too long, before or during its answer', async () => {
    const silent = await littleServer(() => undefined);
    const slow = await littleServer((response) => {
      response.writeHead(200).write('{"statistics":');
    });

    const errors = await Promise.all([dryRunOn(silent.url, 200), dryRunOn(slow.url, 200)]);

    for (const error of errors) {
      expect(error.answer).toBeNull();
      expect(error.message).toBe('The warehouse did not answer the dry run within 0.2 s');
    }
  });

  test('is given up when the process stops', async () => {
    const stop = new AbortController();
    const silent = await littleServer(() => stop.abort());
    const dryRun = createDryRun({ upstream: silent.url, timeoutMs: 60_000, signal: stop.signal });

    const error = await unpriced(dryRun(job('SELECT 1'), asker('t')));

    expect(error.answer).toBeNull();
  });

  test('passes on a redirect, and does not send the token to its target', async () => {
    const elsewhere = await littleServer((response) =>
      sendJson(response, 200, { statistics: { query: { totalBytesProcessed: '1' } } }),
    );
    const server = await littleServer((response) =>
      response.writeHead(307, { location: `${elsewhere.url}/` }).end(),
    );

    const error = await dryRunOn(server.url);

    expect(error.answer?.status).toBe(307);
    expect(elsewhere.seen).toEqual([]);
  });

  test('passes on the answer of a busy warehouse unchanged', async () => {
    const server = await littleServer((response) =>
      response.writeHead(503, { 'retry-after': '7' }).end('come back later'),
    );

    const error = await dryRunOn(server.url);

    expect(error.answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'come back later',
    });
    expect(error.message).toBe('The warehouse answered the dry run with HTTP 503');
  });
});

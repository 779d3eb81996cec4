import { describe, expect, test } from 'vitest';
import { createDryRun } from '../../src/estimate/dry-run.ts';
import { asker, job } from './builders.ts';
import { deadAddress, littleServer, sendJson } from './little-server.ts';
import { unpriced } from './unpriced.ts';

describe('a warehouse that gives no price', () => {
  async function dryRunOn(upstream: string, timeoutMs = 5000) {
    return unpriced(createDryRun({ upstream, timeoutMs })(job('SELECT 1'), asker('secret-token')));
  }

  test('could not be reached', async () => {
    const error = await dryRunOn(await deadAddress());

    expect(error.answer).toBeNull();
    expect(error.message).toBe('The warehouse could not be reached for the dry run');
  });

  test('broke off in the middle of its answer', async () => {
    const server = await littleServer((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"statistics":', () => response.destroy());
    });

    const error = await dryRunOn(server.url);

    expect(error.answer).toBeNull();
    expect(error.message).toContain('could not be reached');
  });

  test('answered by something that is not JSON', async () => {
    const server = await littleServer((response) => response.end('<html>welcome</html>'));

    const error = await dryRunOn(server.url);

    expect(error.answer).toBeNull();
    expect(error.message).toBe("The warehouse's dry run is not JSON");
  });

  test('took too long, before its answer or within it', async () => {
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

  test('points elsewhere, whither the token is not taken', async () => {
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

  test('is busy: its answer is kept as it came', async () => {
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

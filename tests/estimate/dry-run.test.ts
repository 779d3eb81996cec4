import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDryRun, type PricedJob, Unpriced } from '../../src/estimate/dry-run.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { MIB } from '../../src/vocabulary/bytes.ts';
import { ANA, asker, job, PROJECT } from './builders.ts';
import { deadAddress, littleServer, sendJson } from './little-server.ts';

const MESSAGES = { projectId: PROJECT, datasetId: 'atendimento', tableId: 'messages' };
const ana = asker(`sandbox:${ANA}`);

/** What a dry run is refused with. */
async function unpriced(estimating: Promise<unknown>): Promise<Unpriced> {
  const error = await estimating.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Unpriced)) throw new Error('there was a price', { cause: error });
  return error;
}

describe('a dry run against the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 3000 });
  }, 120_000);
  afterAll(() => sandbox.close());

  const dryRun = (one: PricedJob, who = ana) =>
    createDryRun({ upstream: sandbox.url, timeoutMs: 60_000 })(one, who);

  test('tells the bytes, how exact they are, the statement, the tables and who asks', async () => {
    const before = Date.now();

    const estimate = await dryRun(job('SELECT body FROM atendimento.messages'));

    expect(estimate).toMatchObject({
      principal: ANA,
      statementType: 'SELECT',
      location: 'US',
      accuracy: 'PRECISE',
      referencedTables: [MESSAGES],
    });
    expect(estimate.bytesProcessed).toBeGreaterThan(3000n);
    expect(estimate.bytesBilled).toBe(10n * MIB);
    expect(estimate.madeAtMs).toBeGreaterThanOrEqual(before);
    expect(estimate.madeAtMs).toBeLessThanOrEqual(Date.now());
  });

  test('tells more bytes for more columns, and fewer for one day of the table', async () => {
    const [all, one, day] = await Promise.all([
      dryRun(job('SELECT * FROM atendimento.messages')),
      dryRun(job('SELECT body FROM atendimento.messages')),
      dryRun(
        job(
          "SELECT body FROM atendimento.messages WHERE created_at >= '2026-10-30' AND created_at < '2026-10-31'",
        ),
      ),
    ]);

    expect(all.bytesProcessed).toBeGreaterThan(one.bytesProcessed);
    expect(one.bytesProcessed).toBeGreaterThan(10n * day.bytesProcessed);
    expect(day.bytesProcessed).toBeGreaterThan(0n);
  });

  test('bills the minimum for every table that is joined', async () => {
    const estimate = await dryRun(
      job(
        'SELECT t.subject, m.body FROM atendimento.tickets t JOIN atendimento.messages m USING (ticket_id)',
      ),
    );

    expect(estimate.referencedTables.map((table) => table.tableId).sort()).toEqual(['messages', 'tickets']);
    expect(estimate.bytesBilled).toBe(20n * MIB);
  });

  test('costs nothing and names no table for a query that reads none', async () => {
    expect(await dryRun(job('SELECT 1'))).toMatchObject({
      bytesProcessed: 0n,
      bytesBilled: 0n,
      referencedTables: [],
    });
  });

  test('prices the configuration that the job will run with', async () => {
    const configuration = {
      query: {
        query: 'SELECT body FROM messages WHERE ticket_id = @ticket',
        useLegacySql: false,
        defaultDataset: { datasetId: 'atendimento' },
        parameterMode: 'NAMED',
        queryParameters: [
          { name: 'ticket', parameterType: { type: 'INT64' }, parameterValue: { value: '7' } },
        ],
      },
    };

    const estimate = await dryRun(job('', { configuration }));

    expect(estimate.referencedTables).toEqual([MESSAGES]);
  });

  test('says whether the result would come from the cache', async () => {
    const sql = 'SELECT COUNT(DISTINCT sender) AS senders FROM atendimento.messages';
    const before = await dryRun(job(sql));
    const run = await fetch(`${sandbox.url}/bigquery/v2/projects/${PROJECT}/queries`, {
      method: 'POST',
      headers: { ...ana.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: sql, useLegacySql: false }),
    });

    const after = await dryRun(job(sql));

    expect(run.status).toBe(200);
    expect([before.resultCached, after.resultCached]).toEqual([false, true]);
    expect(after.bytesProcessed).toBe(0n);
  });

  test("is the warehouse's own answer where the SQL is bad", async () => {
    const error = await unpriced(dryRun(job('SELECT nope FROM atendimento.messages')));

    expect(error.answer?.status).toBe(400);
    expect(error.answer?.headers['content-type']).toContain('application/json');
    const { error: envelope } = JSON.parse(error.answer?.body ?? '');
    expect(envelope.errors[0].reason).toBe('invalidQuery');
    expect(envelope.message).toContain('nope');
  });

  test("is the warehouse's own answer where there is no such table, or the token is not taken", async () => {
    const noTable = await unpriced(dryRun(job('SELECT 1 FROM atendimento.none')));
    const noToken = await unpriced(dryRun(job('SELECT 1'), asker('ya29.unknown')));

    expect(noTable.answer?.status).toBe(404);
    expect(noTable.answer?.body).toContain('"notFound"');
    expect(noToken.answer?.status).toBe(401);
    expect(noToken.answer?.headers['www-authenticate']).toContain('invalid_token');
    expect(noToken.message).not.toContain('ya29.unknown');
  });

  test('names nobody where the warehouse does not', async () => {
    const silent = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 100, omitUserEmail: true });
    try {
      const estimate = await createDryRun({ upstream: silent.url, timeoutMs: 60_000 })(job('SELECT 1'), ana);

      expect(estimate.principal).toBeNull();
    } finally {
      await silent.close();
    }
  }, 60_000);
});

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

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDryRun, type PricedJob } from '../../src/estimate/dry-run.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { MIB } from '../../src/vocabulary/bytes.ts';
import { ANA, asker, job, PROJECT } from './builders.ts';
import { unpriced } from './unpriced.ts';

const MESSAGES = { projectId: PROJECT, datasetId: 'atendimento', tableId: 'messages' };
const ana = asker(`sandbox:${ANA}`);

describe('a dry run against the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 3000 });
  }, 120_000);
  afterAll(() => sandbox.close());

  const dryRun = (one: PricedJob, who = ana) =>
    createDryRun({ upstream: sandbox.url, timeoutMs: 60_000 })(one, who);

  test('gives bytes, accuracy, statement type, tables and principal', async () => {
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

  test('gives more bytes for more columns, and fewer for one day of the table', async () => {
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

  test('bills the minimum for each joined table', async () => {
    const estimate = await dryRun(
      job(
        'SELECT t.subject, m.body FROM atendimento.tickets t JOIN atendimento.messages m USING (ticket_id)',
      ),
    );

    expect(estimate.referencedTables.map((table) => table.tableId).sort()).toEqual(['messages', 'tickets']);
    expect(estimate.bytesBilled).toBe(20n * MIB);
  });

  test('gives no bytes and no table for a query that reads none', async () => {
    expect(await dryRun(job('SELECT 1'))).toMatchObject({
      bytesProcessed: 0n,
      bytesBilled: 0n,
      referencedTables: [],
    });
  });

  test('uses the default dataset and parameters of the job', async () => {
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

  test('shows whether the result would come from the cache', async () => {
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

  test("fails with the warehouse's own answer if the SQL is invalid", async () => {
    const error = await unpriced(dryRun(job('SELECT nope FROM atendimento.messages')));

    expect(error.answer?.status).toBe(400);
    expect(error.answer?.headers['content-type']).toContain('application/json');
    const { error: envelope } = JSON.parse(error.answer?.body ?? '');
    expect(envelope.errors[0].reason).toBe('invalidQuery');
    expect(envelope.message).toContain('nope');
  });

  test("fails with the warehouse's own answer if the table does not exist or the token is refused", async () => {
    const noTable = await unpriced(dryRun(job('SELECT 1 FROM atendimento.none')));
    const noToken = await unpriced(dryRun(job('SELECT 1'), asker('ya29.unknown')));

    expect(noTable.answer?.status).toBe(404);
    expect(noTable.answer?.body).toContain('"notFound"');
    expect(noToken.answer?.status).toBe(401);
    expect(noToken.answer?.headers['www-authenticate']).toContain('invalid_token');
    expect(noToken.message).not.toContain('ya29.unknown');
  });

  test('gives no principal if the warehouse does not name one', async () => {
    const silent = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 100, omitUserEmail: true });
    try {
      const estimate = await createDryRun({ upstream: silent.url, timeoutMs: 60_000 })(job('SELECT 1'), ana);

      expect(estimate.principal).toBeNull();
    } finally {
      await silent.close();
    }
  }, 60_000);
});

import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { LedgerError } from '../../src/ledger/errors.ts';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ATENDIMENTO, clientAt, eventually, settings, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 3000 } });

test('guardrail does not start on a port in use, and names the setting', async () => {
  const folder = await temporaryFolder();
  const { host } = new URL(house.guardrail().proxyUrl);

  const started = startGuardrail(
    settings({ listen: host, upstream: house.sandbox().url, ledger: `sqlite:${join(folder, 'l.db')}` }),
    pino({ level: 'silent' }),
  );

  await expect(started).rejects.toThrow(`Cannot listen on ${host}: something else listens there already.`);
  await expect(started).rejects.toThrow('GUARDRAIL_LISTEN=');
});

test('guardrail does not start if its ledger cannot be opened', async () => {
  const folder = await temporaryFolder();

  const started = startGuardrail(
    settings({ upstream: house.sandbox().url, ledger: `sqlite:${folder}` }),
    pino({ level: 'silent' }),
  );

  await expect(started).rejects.toBeInstanceOf(LedgerError);
});

test('a guardrail whose spool is in use by another does not start until the other has stopped', async () => {
  const folder = await temporaryFolder();
  const values = (ledger: string) =>
    settings({
      upstream: house.sandbox().url,
      ledger: `sqlite:${join(folder, ledger)}`,
      ledger_spool: join(folder, 'spool'),
    });
  const silent = pino({ level: 'silent' });
  const first = await startGuardrail(values('first.db'), silent);
  onTestFinished(() => first.close());

  await expect(startGuardrail(values('second.db'), silent)).rejects.toMatchObject({
    name: 'SpoolError',
    kind: 'in use',
  });

  await first.close();
  const second = await startGuardrail(values('second.db'), silent);
  onTestFinished(() => second.close());
  expect((await fetch(`${second.opsUrl}/readyz`)).status).toBe(200);
});

test('while the warehouse cannot be reached, requests are answered 503, which clients retry', async () => {
  const folder = await temporaryFolder();
  const guardrail = await startGuardrail(
    settings({ upstream: 'http://127.0.0.1:1', ledger: `sqlite:${join(folder, 'l.db')}` }),
    pino({ level: 'silent' }),
  );
  onTestFinished(() => guardrail.close());

  const answers = await Promise.all([
    fetch(`${guardrail.proxyUrl}/bigquery/v2/projects/p/queries`, {
      method: 'POST',
      body: '{"query": "SELECT 1"}',
    }),
    fetch(`${guardrail.proxyUrl}/bigquery/v2/projects/p/datasets`),
  ]);

  for (const answer of answers) {
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: {
        errors: [{ reason: 'backendError' }],
        message: expect.stringContaining('could not be reached'),
      },
    });
  }
});

test('queries under way when guardrail is stopped run to their end, and are settled', async () => {
  const folder = await temporaryFolder();
  const values = settings({ upstream: house.sandbox().url, ledger: `sqlite:${join(folder, 'l.db')}` });
  const guardrail = await startGuardrail(values, pino({ level: 'silent' }));
  const client = clientAt(guardrail.proxyUrl, ATENDIMENTO);
  const slow = client.query(
    'SELECT COUNT(*) AS n FROM atendimento.tickets AS a CROSS JOIN atendimento.tickets AS b CROSS JOIN atendimento.agents AS c',
  );
  await eventually(async () => {
    const answer = await fetch(`${guardrail.opsUrl}/api/v1/decisions`);
    expect(((await answer.json()) as { decisions: unknown[] }).decisions).toHaveLength(1);
  });

  await guardrail.close();

  expect((await slow)[0]).toEqual([{ n: 500 * 500 * 240 }]);
  const again = await startGuardrail(values, pino({ level: 'silent' }));
  onTestFinished(() => again.close());
  const { decisions } = (await (await fetch(`${again.opsUrl}/api/v1/decisions`)).json()) as {
    decisions: { settlement: { source: string } | null }[];
  };
  expect(decisions[0]?.settlement).toMatchObject({ source: 'response' });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { LedgerError } from '../../src/ledger/errors.ts';
import { PolicyRejected } from '../../src/policy/document/errors.ts';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { settings, useHouse } from './guardrail.ts';

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

test('guardrail does not start with broken policy files, and reports all their errors at once', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'broken.yaml'),
    'version: 1\nteams:\n  - name: a\n    principles: [x@example.com]\nbudgets:\n  - name: b\n    team: nobody\n    window: fortnight\n    limit: 20 gigs\n',
  );

  const started = startGuardrail(
    settings({ upstream: house.sandbox().url, policies: folder, ledger: `sqlite:${join(folder, 'l.db')}` }),
    pino({ level: 'silent' }),
  );

  await expect(started).rejects.toBeInstanceOf(PolicyRejected);
  await expect(started).rejects.toThrow(
    /broken\.yaml:4:5: .*principles.*principals[\s\S]*broken\.yaml:8:13: .*fortnight[\s\S]*broken\.yaml:9:12: .*20 gigs/,
  );
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

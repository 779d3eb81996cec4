import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../src/commands/guardrail.ts';
import { eventually, settings, useHouse } from './guardrail.ts';
import { raw } from './raw.ts';

const house = useHouse({ sandbox: { messages: 3000 } });
const PROJECT = '/bigquery/v2/projects/guardrail-demo';
/** A token of the sandbox's holds the principal's e-mail, which may be told; the whole of it may not. */
const TOKEN = 'sandbox:ana@guardrail-demo.iam.gserviceaccount.com';
const STOLEN = 'ya29.c0ffee-stolen-token';

/** A guardrail that logs all that it can say into text. */
async function talkativeGuardrail() {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-secrets-'));
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const guardrail = await startGuardrail(
    settings({
      upstream: house.sandbox().url,
      ledger: `sqlite:${join(folder, 'ledger.db')}`,
      token_info_url: `${house.sandbox().url}/oauth2/tokeninfo`,
    }),
    pino({ level: 'trace' }, sink),
  );
  onTestFinished(async () => {
    await guardrail.close();
    await rm(folder, { recursive: true });
  });
  return { guardrail, folder, log: () => lines.join('') };
}

async function bytesOf(folder: string): Promise<string> {
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))).join('');
}

test('credentials are in no log, ledger, metric, API answer or label, whatever becomes of the request', async () => {
  const { guardrail, folder, log } = await talkativeGuardrail();
  const send = (token: string, method: string, path: string, body = '') =>
    raw(guardrail.proxyUrl, method, path, body, { authorization: `Bearer ${token}` });
  const query = (sql: string) => JSON.stringify({ query: sql, useLegacySql: false });

  for (const token of [TOKEN, STOLEN]) {
    await send(token, 'POST', `${PROJECT}/queries`, query('SELECT COUNT(*) AS n FROM atendimento.tickets'));
    await send(token, 'POST', `${PROJECT}/queries`, query('SELECT * FROM atendimento.absent'));
    await send(token, 'POST', `${PROJECT}/queries`, query('SELEC'));
    await send(token, 'POST', `${PROJECT}/queries`, '{"query":');
    await send(
      token,
      'POST',
      `${PROJECT}/jobs`,
      JSON.stringify({ configuration: { query: { query: 'SELECT 1 AS a', useLegacySql: false } } }),
    );
    await send(token, 'POST', `${PROJECT}/jobs`, JSON.stringify({ configuration: { load: {} } }));
    await send(token, 'POST', `${PROJECT}/nonsense`, '{}');
    await send(token, 'GET', `${PROJECT}/datasets`);
    await raw(guardrail.proxyUrl, 'POST', `${PROJECT}/queries?access_token=${token}`, query('SELECT 1'));
  }
  await eventually(async () => expect((await bytesOf(folder)).includes('SELECT COUNT(*) AS n')).toBe(true));

  const decisions = await (await fetch(`${guardrail.opsUrl}/api/v1/decisions?limit=1000`)).text();
  const metrics = await (await fetch(`${guardrail.opsUrl}/metrics`)).text();
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  const labels = JSON.stringify(jobs.map((job) => job.metadata.configuration.labels));
  expect(log()).toContain('query judged');
  expect(decisions).toContain('SELECT COUNT(*) AS n');
  expect(labels).toContain('guardrail_decision');
  for (const [place, text] of Object.entries({
    log: log(),
    ledger: await bytesOf(folder),
    decisions,
    metrics,
    labels,
  })) {
    for (const secret of [TOKEN, STOLEN, 'Bearer '])
      expect(text.includes(secret), `${secret} in the ${place}`).toBe(false);
  }
});

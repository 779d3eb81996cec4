import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { PROJECT, post } from './guardrail.ts';

const QUERY = JSON.stringify({ query: 'SELECT COUNT(*) FROM atendimento.tickets', useLegacySql: false });

/** Starts `guardrail demo` without its traffic. @returns the addresses of its two ports */
async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-demo-'));
  const [proxy, ops, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  const demo = spawn(
    process.execPath,
    ['src/main.ts', 'demo', '--no-traffic', '--messages', '100000', '--sandbox-port', String(sandbox)],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        GUARDRAIL_LISTEN: `127.0.0.1:${proxy}`,
        GUARDRAIL_OPS_LISTEN: `127.0.0.1:${ops}`,
        GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
        GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
      },
    },
  );
  onTestFinished(async () => {
    demo.kill('SIGTERM');
    if (demo.exitCode === null) await once(demo, 'exit');
    await rm(folder, { recursive: true, force: true });
  });
  return { proxyUrl: `http://127.0.0.1:${proxy}`, opsUrl: `http://127.0.0.1:${ops}` };
}

async function isReady(opsUrl: string): Promise<boolean> {
  const answer = await fetch(`${opsUrl}/readyz`).catch(() => null);
  return answer?.status === 200;
}

test('a demo that reports ready answers queries', async () => {
  const { proxyUrl, opsUrl } = await startDemo();
  while (!(await isReady(opsUrl))) await sleep(10);

  const { status } = await post(`${proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`, QUERY);

  expect(status).toBe(200);
}, 60_000);

test('a demo whose address is already in use fails with a message before it creates any file', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-demo-'));
  onTestFinished(async () => {
    taken.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { port } = taken.address() as AddressInfo;

  const run = promisify(execFile)(process.execPath, ['src/main.ts', 'demo', '--no-traffic'], {
    env: {
      ...process.env,
      GUARDRAIL_LISTEN: `127.0.0.1:${await freePort()}`,
      GUARDRAIL_OPS_LISTEN: `127.0.0.1:${port}`,
      GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
      GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
    },
  });

  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `Cannot listen on 127.0.0.1:${port}: something else listens there already.`,
    ),
  });
  expect(await readdir(folder)).toEqual([]);
}, 60_000);

import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { ask, ENDLESS_SQL, query, useSandbox } from './sandbox.ts';

const running = useSandbox();
const small = { asOf: '2026-10-31', messages: 1000 };

test('a port in use leads to an error that names it', async () => {
  const started = startSandbox({ ...small, port: running().port });

  await expect(started).rejects.toThrow(`127.0.0.1:${running().port}`);
}, 60_000);

test('closing cancels and answers running queries, and accepts no more', async () => {
  const sandbox = await startSandbox({ ...small, messages: 20_000, port: 0 });
  const started = await query(sandbox, ENDLESS_SQL, { timeoutMs: 1 });
  const path = `/projects/guardrail-demo/queries/${started.body.jobReference.jobId}`;
  const waiting = ask(sandbox, path);
  await ask(sandbox, `${path}?timeoutMs=1`);

  await sandbox.close();

  expect((await waiting).body.error.errors[0].reason).toBe('stopped');
  await expect(ask(sandbox, '/projects')).rejects.toThrow();
}, 60_000);

test('progress increases to completion', async () => {
  const shares: number[] = [];

  const sandbox = await startSandbox({ ...small, port: 0, onProgress: (share) => shares.push(share) });
  await sandbox.close();

  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
}, 60_000);

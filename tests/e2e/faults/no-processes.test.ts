import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { withoutNode } from '../../foundation/children/without-node.ts';
import { settings } from '../guardrail.ts';
import { ask, layPolicies, readiness } from './asking.ts';
import { type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';
import { readableLog } from './log-lines.ts';

let folder = '';
let warehouse: FaultyWarehouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-no-processes-'));
  await layPolicies(join(folder, 'policies'));
  warehouse = await startFaultyWarehouse();
});
afterAll(async () => {
  await warehouse?.close();
  await rm(folder, { recursive: true, force: true });
});

async function startedWithout(how: 'said' | 'thrown') {
  const restore = withoutNode(how);
  const { lines, log } = readableLog();
  const guardrail = await startGuardrail(
    settings({
      upstream: warehouse.url,
      policies: join(folder, 'policies'),
      ledger: `sqlite:${join(folder, `${how}.db`)}`,
      token_info_url: '',
      read_wait: 0.5,
    }),
    log,
  );
  onTestFinished(() => guardrail.close());
  return { guardrail, lines, restore };
}

describe.each(['said', 'thrown'] as const)(
  'a machine on which no process can start, with the error %s',
  (how) => {
    test('answers queries 503 and says why, until a process can start', async () => {
      const { guardrail, lines, restore } = await startedWithout(how);

      const meanwhile = await ask(guardrail);
      const consolePage = await fetch(`${guardrail.opsUrl}/decisions`);
      await expect.poll(async () => (await readiness(guardrail)).status, { timeout: 10_000 }).toBe(503);
      const unready = await readiness(guardrail);
      restore();

      expect(meanwhile.status).toBe(503);
      expect(meanwhile.body.error.errors).toEqual([expect.objectContaining({ reason: 'backendError' })]);
      expect(lines).toContainEqual(
        expect.objectContaining({
          msg: 'a process that reads SQL was replaced',
          reason: expect.stringContaining('could not start'),
        }),
      );
      expect(consolePage.status).toBe(503);
      await expect.poll(async () => (await ask(guardrail)).status, { timeout: 40_000 }).toBe(200);
      expect((await fetch(`${guardrail.opsUrl}/decisions`)).status).toBe(200);
      expect(unready.body).toMatchObject({
        status: 'not ready',
        readers: expect.stringMatching(/^cannot start: .*could not start/),
      });
      expect(await readiness(guardrail)).toMatchObject({ status: 200, body: { readers: 'ok' } });
    }, 60_000);
  },
);

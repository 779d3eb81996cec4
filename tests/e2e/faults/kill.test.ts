import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATENDIMENTO, eventually } from '../guardrail.ts';
import { endLeases } from '../leases.ts';
import { createProxy, type ProxyProcess } from '../proxy-process.ts';
import { type Addresses, ask, BILLED, metricOf, opsAt, readiness, standing } from './asking.ts';
import { FAULTS, type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';

let folder = '';
let warehouse: FaultyWarehouse;
let proxy: ProxyProcess;
let at: Addresses;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-kill-'));
  await writeFile(
    join(folder, 'kill.yaml'),
    `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: at-once, team: atendimento, limit: 2 at once, queue: { length: 5, wait: 10 min } }
  - { name: day, team: atendimento, window: day, limit: 1 GiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  );
  warehouse = await startFaultyWarehouse();
  proxy = await createProxy({
    GUARDRAIL_UPSTREAM: warehouse.url,
    GUARDRAIL_POLICIES: folder,
    GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
    GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
    GUARDRAIL_LEDGER_TIMEOUT: '1',
    GUARDRAIL_TOKEN_INFO_URL: '',
    GUARDRAIL_LOG_LEVEL: 'silent',
  });
  await proxy.start();
  at = { proxyUrl: proxy.url, opsUrl: proxy.opsUrl };
});
afterAll(async () => {
  await proxy?.kill();
  await warehouse?.close();
  await rm(folder, { recursive: true, force: true });
});

const decisions = async () => (await opsAt(at.opsUrl, '/api/v1/decisions')).decisions;

test('a process killed while its ledger is locked has spooled the settlement, and the next process enters it', async () => {
  let release = () => {};
  warehouse.failQueries((response, _socket, healthy) => {
    release = () => response.end(healthy);
  });
  const answered = ask(at);
  await eventually(async () => expect(warehouse.waiting()).toBe(1));
  const locked = new DatabaseSync(join(folder, 'ledger.db'), { timeout: 10_000 });
  locked.exec('BEGIN IMMEDIATE');
  release();
  expect((await answered).status).toBe(200);
  await eventually(async () => expect(await readFile(join(folder, 'spool.jsonl'), 'utf8')).not.toBe(''));

  await proxy.kill();
  locked.close();
  await proxy.start();

  await eventually(async () => {
    expect(await standing(at)).toEqual({ used: BILLED, reserved: 0n });
    expect((await readiness(at)).body.spooled).toBe(0);
  });
});

test('a process killed with queries at every stage keeps those sent reserved, and the next settles them from their jobs', async () => {
  const cutOff: Promise<unknown>[] = [];
  const sendUntil = async (seen: () => void) => {
    cutOff.push(ask(at).catch(() => 'cut off'));
    await eventually(async () => seen());
  };
  const { dryRuns } = warehouse.received;
  warehouse.failQueries(FAULTS['hangs before it answers']);
  await sendUntil(() => expect(warehouse.waiting()).toBe(1));
  warehouse.failQueries(FAULTS['hangs in the middle of its answer']);
  await sendUntil(() => expect(warehouse.waiting()).toBe(2));
  // Both places are taken: the next query waits for a place, and the one after it for its dry run.
  await sendUntil(() => expect(warehouse.received.dryRuns).toBe(dryRuns + 3));
  warehouse.failDryRuns(FAULTS['hangs before it answers']);
  await sendUntil(() => expect(warehouse.waiting()).toBe(3));
  const queued = 'guardrail_queries_waiting';
  await eventually(async () => expect(await metricOf(at, queued, 'budget="at-once"')).toBe(1));

  await proxy.kill();
  warehouse.failDryRuns(null);
  warehouse.failQueries(null);
  await proxy.start();

  expect(await Promise.all(cutOff)).toEqual(['cut off', 'cut off', 'cut off', 'cut off']);
  // Queries that were sent stay reserved until their principal's next query; the others left nothing.
  expect(await standing(at)).toEqual({ used: BILLED, reserved: 2n * BILLED });
  expect(await decisions()).toHaveLength(3);

  // A starting process looks at once.
  await proxy.stop();
  endLeases(`sqlite:${join(folder, 'ledger.db')}`);
  await proxy.start();
  expect(await standing(at, 'at-once')).toEqual({ used: 0n, reserved: 0n });
  expect((await ask(at)).status).toBe(200);
  await eventually(async () => expect(await standing(at)).toEqual({ used: 4n * BILLED, reserved: 0n }));
  const settlements = (await decisions()).map(({ settlement }: Settled) => settlement);
  expect(settlements.map(({ source }: Settled['settlement']) => source).toSorted()).toEqual([
    'job',
    'job',
    'response',
    'response',
  ]);
  expect(new Set(settlements.map(({ jobId }: Settled['settlement']) => jobId)).size).toBe(4);
}, 120_000);

interface Settled {
  readonly settlement: { readonly source: string; readonly jobId: string };
}

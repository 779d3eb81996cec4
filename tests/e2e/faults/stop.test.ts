import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { eventually, settings } from '../guardrail.ts';
import { createProxy } from '../proxy-process.ts';
import { begin, exchange, type RequestSpec } from '../wire/exchange.ts';
import { HERE, query } from '../wire/requests.ts';
import { anySql, ask, BILLED, expectCharged, layPolicies, opsAt, standing } from './asking.ts';
import { FAULTS, type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';

/** Longer than running queries may go on, and shorter than the deployment recipes allow before a kill. */
const ALLOWED_MS = 38_000;

let folder = '';
let warehouse: FaultyWarehouse;
let ledgers = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-stop-'));
  await layPolicies(join(folder, 'policies'));
  warehouse = await startFaultyWarehouse();
});
afterAll(async () => {
  await warehouse?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  ledgers += 1;
  warehouse.failDryRuns(null);
  warehouse.failQueries(null);
});

const values = () => ({
  upstream: warehouse.url,
  policies: join(folder, 'policies'),
  ledger: `sqlite:${join(folder, `${ledgers}.db`)}`,
  ledger_spool: join(folder, `${ledgers}.jsonl`),
  token_info_url: '',
  // A dry run that hangs must not be what a stop waits for.
  dry_run_timeout: 600,
});

/** A batch with one query. */
function batchOf(sql: string): RequestSpec {
  const { method, target, body } = query({ query: sql });
  return {
    method: 'POST',
    target: '/batch/bigquery/v2',
    headers: { 'content-type': 'multipart/mixed; boundary=b' },
    body: `--b\r\nContent-Type: application/http\r\n\r\n${method} ${target}\r\nContent-Type: application/json\r\n\r\n${body}\r\n--b--\r\n`,
  };
}

describe('a guardrail that is stopped while the warehouse hangs', () => {
  test('gives running queries some time, then cuts them off, and leaves their reservations to the next process', async () => {
    const guardrail = await startGuardrail(settings(values()), pino({ level: 'silent' }));
    expect((await ask(guardrail)).status).toBe(200);
    const lost: Promise<unknown>[] = [];
    const waitFor = async (open: number) => {
      await eventually(async () => expect(warehouse.waiting()).toBe(open));
    };
    warehouse.failDryRuns(FAULTS['hangs before it answers']);
    lost.push(exchange(guardrail.proxyUrl, query({ query: anySql() })).catch(() => 'cut off'));
    await waitFor(1);
    lost.push(exchange(guardrail.proxyUrl, query({ query: anySql(), dryRun: true })).catch(() => 'cut off'));
    await waitFor(2);
    warehouse.failDryRuns(null);
    warehouse.failQueries(FAULTS['hangs before it answers']);
    lost.push(exchange(guardrail.proxyUrl, query({ query: anySql() })).catch(() => 'cut off'));
    await waitFor(3);
    lost.push(exchange(guardrail.proxyUrl, batchOf(anySql())).catch(() => 'cut off'));
    await waitFor(4);
    warehouse.failQueries(FAULTS['hangs in the middle of its answer']);
    const half = await begin(guardrail.proxyUrl, query({ query: anySql() }));
    const halfEnded = new Promise((resolve) => half.answer.once('error', resolve).resume());
    warehouse.failQueries(
      (response, _socket, healthy) => void setTimeout(() => response.end(healthy), 2_000),
    );
    const slow = ask(guardrail);
    await waitFor(6);

    const startedAt = performance.now();
    await guardrail.close();
    const tookMs = performance.now() - startedAt;

    expect((await slow).status).toBe(200);
    expect(await Promise.all(lost)).toEqual(['cut off', 'cut off', 'cut off', 'cut off']);
    await halfEnded;
    expect(half.answer.complete).toBe(false);
    expect(tookMs).toBeLessThan(ALLOWED_MS);
    await waitFor(0);

    warehouse.failQueries(null);
    const next = await startGuardrail(settings(values()), pino({ level: 'silent' }));
    onTestFinished(() => next.close());
    // Of the queries that hung, three may have run.
    expect(await standing(next)).toEqual({ used: 2n * BILLED, reserved: 3n * BILLED });
    expect((await ask(next)).status).toBe(200);
    await expectCharged(next, 6);
  }, 120_000);
});

describe.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
] as const)('a process stopped by %s, and again by %s', (first, second) => {
  test('accepts no more queries and waits for running ones; the second time it ends at once, as if killed', async () => {
    const { ledger, ledger_spool, policies, upstream } = values();
    const proxy = await createProxy({
      GUARDRAIL_UPSTREAM: upstream,
      GUARDRAIL_POLICIES: policies,
      GUARDRAIL_LEDGER: ledger,
      GUARDRAIL_LEDGER_SPOOL: ledger_spool,
      GUARDRAIL_TOKEN_INFO_URL: '',
      GUARDRAIL_LOG_LEVEL: 'silent',
    });
    await proxy.start();
    onTestFinished(() => proxy.kill());
    const at = { proxyUrl: proxy.url, opsUrl: proxy.opsUrl };
    const pid = proxy.pid() ?? 0;
    warehouse.failQueries(FAULTS['hangs before it answers']);
    const running = ask(at).catch(() => 'cut off');
    await eventually(async () => expect(warehouse.waiting()).toBe(1));

    process.kill(pid, first);
    // A request that is passed on unchanged, and so does not hang.
    const another = () => exchange(at.proxyUrl, { method: 'GET', target: `${HERE}/jobs` });
    await eventually(async () => expect(await another().catch(() => 'refused')).toBe('refused'));
    expect((await fetch(`${proxy.opsUrl}/healthz`)).status).toBe(200);
    expect(warehouse.waiting()).toBe(1);
    process.kill(pid, second);

    // Well before running queries would be cut off.
    await eventually(async () => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    expect(await running).toBe('cut off');
    warehouse.failQueries(null);
    await proxy.start();
    expect(await standing(at)).toEqual({ used: 0n, reserved: BILLED });
    expect((await opsAt(at.opsUrl, '/api/v1/decisions')).decisions).toHaveLength(1);
    expect(await exchange(at.proxyUrl, { method: 'GET', target: `${HERE}/jobs` })).toMatchObject({
      status: 200,
    });
  });
});

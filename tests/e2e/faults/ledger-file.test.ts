import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type House, PROJECT, useHouse } from '../guardrail.ts';
import { createProxy, type ProxyProcess } from '../proxy-process.ts';
import {
  type Addresses,
  ask,
  BILLED,
  expectCharged,
  metricOf,
  opsAt,
  POLICIES,
  readiness,
  standing,
} from './asking.ts';

const pathOf = (house: House) => house.ledger().replace('sqlite:', '');

/** Answered 503 because of the ledger, without running. */
function expectUnpaid({ status, body }: Awaited<ReturnType<typeof ask>>): void {
  expect(status).toBe(503);
  expect(body.error).toMatchObject({
    errors: [{ reason: 'backendError' }],
    message: expect.stringContaining('The ledger of budgets cannot be written, so the query was not run.'),
  });
}

async function expectNotReady(at: Addresses, ledger: RegExp): Promise<void> {
  await eventually(async () => {
    expect(await readiness(at)).toMatchObject({
      status: 503,
      body: { ledger: expect.stringMatching(ledger) },
    });
    expect(await metricOf(at, 'guardrail_ledger_up')).toBe(0);
  });
}

async function expectReady(at: Addresses): Promise<void> {
  await eventually(async () => {
    expect(await readiness(at)).toMatchObject({ status: 200, body: { ledger: 'ok' } });
    expect(await metricOf(at, 'guardrail_ledger_up')).toBe(1);
  }, 30_000);
}

/** Sends queries until one passes: after a failure, queries of the next second do not even try the ledger. */
async function untilPassed(at: Addresses): Promise<void> {
  await eventually(async () => expect((await ask(at)).status).toBe(200), 30_000);
}

describe('a ledger file', () => {
  const house = useHouse({ gated: true, sandbox: { messages: 3_000 }, policies: POLICIES });
  const jobs = async () => (await house.direct().getJobs({ allUsers: true } as object))[0].length;

  test('locked by another process: new queries are answered 503, running ones are settled later, all else works', async () => {
    const before = await jobs();
    house.gate().hold();
    const running = ask(house.guardrail());
    await eventually(async () => expect(house.gate().waiting()).toHaveLength(1));
    const locked = new DatabaseSync(pathOf(house));
    locked.exec('BEGIN IMMEDIATE');

    const order: string[] = [];
    const unpaid = ask(house.guardrail()).then((answer) => {
      order.push('query');
      return answer;
    });
    house.gate().open();
    for (let i = 0; i < 10; i += 1) {
      await fetch(`${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/datasets`);
      await fetch(`${house.guardrail().opsUrl}/healthz`);
      await house.ops('/api/v1/decisions');
      order.push('read');
    }
    expectUnpaid(await unpaid);

    expect(order).toEqual([...Array(10).fill('read'), 'query']);
    expect((await running).status).toBe(200);
    await expectNotReady(house.guardrail(), /^cannot be written: .*database is locked/);
    expect(await jobs()).toBe(before + 1);

    locked.exec('ROLLBACK');
    locked.close();
    await untilPassed(house.guardrail());
    await expectReady(house.guardrail());
    await expectCharged(house.guardrail(), await jobs());
  });

  test('moved away: queries are answered 503 until it is back', async () => {
    const before = await jobs();
    const path = pathOf(house);
    await rename(path, `${path}-away`);

    expectUnpaid(await ask(house.guardrail()));

    await expectNotReady(house.guardrail(), /^cannot be written: .*is not there any more/);
    const health = await (await fetch(`${house.guardrail().opsUrl}/health`)).text();
    expect(health).toContain('Queries are refused with HTTP 503');
    expect(health).toMatch(/cannot be written.*is not there any more/s);
    await writeFile(path, '');
    await eventually(async () =>
      expect((await readiness(house.guardrail())).body.ledger).toMatch(/is not the file that was opened/),
    );
    expectUnpaid(await ask(house.guardrail()));
    expect(await jobs()).toBe(before);

    await rename(`${path}-away`, path);
    await untilPassed(house.guardrail());
    await expectReady(house.guardrail());
    await expectCharged(house.guardrail(), await jobs());
  });
});

/** A folder where a disk of a few MiB can be mounted; null if this user may not mount. */
const disk = placeForDisk();

function placeForDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'guardrail-disk-'));
  const mounted = mountDisk(folder);
  if (mounted) execFileSync('umount', [folder]);
  else rmSync(folder, { recursive: true });
  return mounted ? folder : null;
}

function mountDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0;
}

describe.skipIf(disk === null)('a ledger on a full disk', () => {
  beforeAll(() => expect(mountDisk(disk ?? '')).toBe(true));
  const house = useHouse({
    gated: true,
    sandbox: { messages: 3_000 },
    policies: POLICIES,
    settings: { ledger: `sqlite:${disk}/ledger.db` },
  });
  afterAll(() => {
    execFileSync('umount', ['--lazy', disk ?? '']);
    rmSync(disk ?? '', { recursive: true });
  });

  test('runs no query, spools settlements, and recovers once there is room', async () => {
    house.gate().hold();
    const running = ask(house.guardrail());
    await eventually(async () => expect(house.gate().waiting()).toHaveLength(1));
    const ballast = join(disk ?? '', 'ballast');
    // What does not fit is cut off, which leaves the disk full.
    await writeFile(ballast, Buffer.alloc(8 << 20)).catch(() => undefined);

    const unpaid = await ask(house.guardrail());
    house.gate().open();

    expectUnpaid(unpaid);
    expect((await running).status).toBe(200);
    await expectNotReady(house.guardrail(), /^cannot be written: .*Free space on the disk/);
    await eventually(async () =>
      expect((await readiness(house.guardrail())).body.spooled).toBeGreaterThan(1),
    );

    await rm(ballast);
    await untilPassed(house.guardrail());
    await expectReady(house.guardrail());
    await expectCharged(house.guardrail(), 2);
  });
});

// The system's limit on file size stands in for a file system that refuses writes.
describe.skipIf(process.platform !== 'linux')('a ledger on a file system that refuses writes', () => {
  const house = useHouse({ gated: true, sandbox: { messages: 3_000 }, policies: POLICIES });
  let proxy: ProxyProcess | null = null;
  let at: Addresses = { proxyUrl: '', opsUrl: '' };
  const path = () => `${pathOf(house)}-limited`;

  beforeAll(async () => {
    proxy = await createProxy({
      GUARDRAIL_UPSTREAM: house.gate().url,
      GUARDRAIL_POLICIES: house.policies(),
      GUARDRAIL_LEDGER: `sqlite:${path()}`,
      GUARDRAIL_LEDGER_SPOOL: `${path()}-spool.jsonl`,
      GUARDRAIL_TOKEN_INFO_URL: '',
      GUARDRAIL_LOG_LEVEL: 'silent',
    });
    await proxy.start();
    at = { proxyUrl: proxy.url, opsUrl: proxy.opsUrl };
  });
  afterAll(() => proxy?.kill());

  const limitFiles = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(proxy?.pid()), `--fsize=${bytes}:unlimited`]);

  test('runs no query, and recovers without a restart', async () => {
    expect((await ask(at)).status).toBe(200);
    await expectCharged(at, 1);
    limitFiles(statSync(`${path()}-wal`).size);

    expectUnpaid(await ask(at));

    await expectNotReady(at, /^cannot be written/);
    limitFiles('unlimited');
    await untilPassed(at);
    await expectReady(at);
    await expectCharged(at, 2);
    const { decisions } = await opsAt(at.opsUrl, '/api/v1/decisions?limit=100');
    expect(decisions.filter(({ cause }: { cause: string }) => cause === 'ledger').length).toBeGreaterThan(0);
  });

  test('and spools nothing either: a query that ends meanwhile stays reserved, and is never released', async () => {
    const before = await standing(at);
    house.gate().hold();
    const running = ask(at);
    await eventually(async () => expect(house.gate().waiting()).toHaveLength(1));
    limitFiles(1);

    house.gate().open();

    expect((await running).status).toBe(200);
    await expectNotReady(at, /^cannot be written/);
    expectUnpaid(await ask(at));
    limitFiles('unlimited');
    await untilPassed(at);
    await expectReady(at);
    await eventually(async () =>
      expect(await standing(at)).toEqual({ used: before.used + BILLED, reserved: before.reserved + BILLED }),
    );
  });
});

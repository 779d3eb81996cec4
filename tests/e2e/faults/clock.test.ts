import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guardrail } from '../command-line.ts';
import { ATENDIMENTO, eventually } from '../guardrail.ts';
import { createProxy, type ProxyProcess } from '../proxy-process.ts';
import { type Addresses, ask, BILLED, opsAt, readiness, standing } from './asking.ts';
import { type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';

const HOUR_MS = 3_600_000;
const NONE = { used: 0n, reserved: 0n };

let folder = '';
let warehouse: FaultyWarehouse;
let proxy: ProxyProcess;
let at: Addresses;
let environment: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  warehouse = await startFaultyWarehouse();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-clock-'));
  await step(0);
  await writeFile(
    join(folder, 'clock.yaml'),
    `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: month, team: atendimento, window: month, limit: 1 GiB }
  - { name: rolling, team: atendimento, window: rolling 24h, limit: 1 GiB }
  - { name: at-once, team: atendimento, limit: 1 at once, queue: { length: 0 } }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  );
  environment = {
    GUARDRAIL_UPSTREAM: warehouse.url,
    GUARDRAIL_POLICIES: folder,
    GUARDRAIL_LEDGER: `sqlite:${join(folder, 'ledger.db')}`,
    GUARDRAIL_LEDGER_SPOOL: join(folder, 'spool.jsonl'),
    GUARDRAIL_TOKEN_INFO_URL: '',
    GUARDRAIL_LOG_LEVEL: 'silent',
  };
  proxy = await createProxy({
    ...environment,
    STEPPED_CLOCK: join(folder, 'offset'),
    NODE_OPTIONS: `--import ${pathToFileURL('tests/e2e/faults/stepped-clock.ts')}`,
  });
  await proxy.start();
  at = { proxyUrl: proxy.url, opsUrl: proxy.opsUrl };
});
afterEach(async () => {
  await proxy.kill();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => warehouse?.close());

/** Sets the clock of the process to this machine's time plus an offset. */
async function step(offsetMs: number): Promise<void> {
  // Renamed into place, since a file read while still empty would itself be a step.
  await writeFile(join(folder, 'offset.new'), String(offsetMs));
  await rename(join(folder, 'offset.new'), join(folder, 'offset'));
  await new Promise((resolve) => setTimeout(resolve, 200));
}

const passes = async () => expect((await ask(at)).status).toBe(200);
const decisions = async () => (await opsAt(at.opsUrl, '/api/v1/decisions')).decisions;

/** A query that runs until `end` is called. */
async function running(): Promise<{ end(): Promise<void> }> {
  let release = () => {};
  warehouse.failQueries((response, _socket, healthy) => {
    release = () => response.end(healthy);
  });
  const answered = ask(at);
  await eventually(async () => expect(warehouse.waiting()).toBe(1));
  warehouse.failQueries(null);
  return {
    async end() {
      release();
      expect((await answered).status).toBe(200);
    },
  };
}

/** The time until one hour into the next month, in UTC. */
function untilNextMonth(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 1) - now.getTime();
}

describe('a clock that is set while queries run', () => {
  test('across a month’s end and back: each query is charged to the month it was admitted in, and the records stay intact', async () => {
    await passes();
    const slow = await running();
    await eventually(async () =>
      expect(await standing(at, 'month')).toEqual({ used: BILLED, reserved: BILLED }),
    );

    await step(untilNextMonth());
    expect(await standing(at, 'month')).toEqual(NONE);
    expect(await standing(at, 'at-once')).toEqual({ used: 0n, reserved: 1n });
    expect((await ask(at)).status).toBe(403);
    await slow.end();
    await eventually(async () => expect(await standing(at, 'at-once')).toEqual(NONE));
    await passes();
    await eventually(async () => expect(await standing(at, 'month')).toEqual({ used: BILLED, reserved: 0n }));

    await step(0);
    await eventually(async () =>
      expect(await standing(at, 'month')).toEqual({ used: 2n * BILLED, reserved: 0n }),
    );
    const late = await running();
    await step(-30 * HOUR_MS);
    await late.end();
    await passes();
    await step(0);
    await passes();
    await eventually(async () => {
      const settled = (await decisions()).filter(
        ({ outcome }: { outcome: string }) => outcome === 'admitted',
      );
      expect(settled).toHaveLength(6);
      for (const { settlement } of settled) {
        expect(settlement).toMatchObject({ source: 'response', bytesBilled: String(BILLED) });
        // Measured as elapsed time, not as a difference of clock readings.
        expect(settlement.durationMs).toBeGreaterThanOrEqual(0);
        expect(settlement.durationMs).toBeLessThan(HOUR_MS);
      }
    });
    expect((await readiness(at)).status).toBe(200);

    await proxy.stop();
    const verified = await guardrail(['records', 'verify'], environment);
    expect(verified).toMatchObject({ code: 0 });
  });

  test('past settle_timeout: a running query is charged in full, and then what it was billed when it ends', async () => {
    const slow = await running();

    await step(7 * HOUR_MS);

    await eventually(async () => {
      const [{ settlement }] = await decisions();
      expect(settlement).toMatchObject({ source: 'assumed', bytesBilled: String(BILLED) });
    }, 45_000);
    await slow.end();
    await eventually(async () => {
      const [{ settlement }] = await decisions();
      expect(settlement).toMatchObject({ source: 'response', bytesBilled: String(BILLED) });
      expect(await standing(at, 'rolling')).toEqual({ used: BILLED, reserved: 0n });
    });
    await step(0);
    await passes();
    await eventually(async () =>
      expect(await standing(at, 'month')).toEqual({ used: 2n * BILLED, reserved: 0n }),
    );
  }, 90_000);
});

import { describe, expect, test } from 'vitest';
import { eventually, type House } from '../guardrail.ts';
import {
  BOUND_MS,
  blockLedger,
  expectBooksToBalance,
  jobs,
  query,
  readiness,
  useHouseOnPostgres,
} from './on-postgres.ts';

async function askApi(house: House, name: string) {
  const response = await fetch(`${house.guardrail().opsUrl}/api/v1/${name}`);
  return { status: response.status, body: await response.json() };
}

describe('with on_ledger_failure: deny', () => {
  const { house, server } = useHouseOnPostgres('deny');

  test('queries are answered 503 without a long wait while the ledger is down, and run once it is back', async () => {
    expect((await query(house)).status).toBe(200);
    await expectBooksToBalance(house);
    await server().stop('immediate');

    const answers = await Promise.all([query(house), query(house), query(house)]);

    for (const { status, body, tookMs } of answers) {
      expect(status).toBe(503);
      expect(body.error).toMatchObject({
        errors: [{ reason: 'backendError' }],
        message: expect.stringContaining(
          'The ledger of budgets cannot be written, so the query was not run.',
        ),
      });
      expect(tookMs).toBeLessThan(BOUND_MS);
    }
    expect(await jobs(house)).toHaveLength(1);
    expect(await house.metric('guardrail_ledger_up')).toBe(0);
    expect(await readiness(house)).toMatchObject({ status: 503, body: { status: 'not ready' } });
    const [budgets, spend] = await Promise.all(['budgets', 'spend'].map((name) => askApi(house, name)));
    for (const answer of [budgets, spend]) {
      expect(answer).toEqual({ status: 503, body: { error: expect.stringContaining('/readyz') } });
    }

    await server().start();

    await eventually(async () => expect((await query(house)).status).toBe(200), 30_000);
    expect(await readiness(house)).toMatchObject({ status: 200, body: { status: 'ready', ledger: 'ok' } });
    await expectBooksToBalance(house);
    const { decisions } = await house.ops('/api/v1/decisions?limit=1000');
    const failed = decisions.filter((one: { outcome: string }) => one.outcome === 'failed');
    expect(failed.length).toBeGreaterThanOrEqual(3);
    for (const one of failed) expect(one).toMatchObject({ cause: 'ledger', settlement: null });
  });

  test('a query running when the ledger goes down is answered, and settled once the ledger is back', async () => {
    const before = (await jobs(house)).length;
    house.gate().hold();
    const running = query(house);
    await eventually(async () => expect(house.gate().waiting()).toHaveLength(1));
    await server().stop('immediate');

    house.gate().open();

    expect((await running).status).toBe(200);
    await eventually(async () => expect(await house.metric('guardrail_spooled_entries')).toBe(1));
    await server().start();
    await expectBooksToBalance(house);
    expect(await jobs(house)).toHaveLength(before + 1);
  });

  test('a reservation that the ledger writes after its query was answered 503 is released', async () => {
    const before = await jobs(house);
    const release = await blockLedger(server());

    const { status, tookMs } = await query(house);
    await release();

    expect(status).toBe(503);
    expect(tookMs).toBeLessThan(BOUND_MS);
    await eventually(async () => {
      const { decisions } = await house.ops('/api/v1/decisions?limit=1');
      expect(decisions[0].settlement).toMatchObject({ source: 'not run', bytesBilled: '0' });
      const { budgets } = await house.ops('/api/v1/budgets');
      expect(budgets.map(({ reserved }: { reserved: string }) => reserved)).toEqual(['0', '0', '0']);
    }, 30_000);
    expect(await jobs(house)).toEqual(before);
  });
});

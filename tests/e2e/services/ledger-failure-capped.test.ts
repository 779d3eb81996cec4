import { describe, expect, test } from 'vitest';
import { eventually } from '../guardrail.ts';
import {
  BOUND_MS,
  blockLedger,
  expectBooksToBalance,
  jobs,
  query,
  readiness,
  useHouseOnPostgres,
} from './on-postgres.ts';

describe('with on_ledger_failure: allow_capped', () => {
  const { house, server } = useHouseOnPostgres('allow_capped');

  test('queries run capped while the ledger is down, and are all entered once it is back', async () => {
    expect((await query(house)).status).toBe(200);
    await expectBooksToBalance(house);
    await server().stop('immediate');

    const answers = await Promise.all([query(house), query(house), query(house)]);

    for (const { status, tookMs } of answers) {
      expect(status).toBe(200);
      expect(tookMs).toBeLessThan(BOUND_MS);
    }
    const listed = await jobs(house);
    expect(listed).toHaveLength(4);
    for (const job of listed) expect(job.configuration.query.maximumBytesBilled).toBe(String(10 << 20));
    expect(await house.metric('guardrail_ledger_up')).toBe(0);
    await eventually(async () => expect(await house.metric('guardrail_spooled_entries')).toBe(6));
    expect(await readiness(house)).toMatchObject({
      status: 200,
      body: { status: 'ready', ledger: expect.stringMatching(/^cannot be read/) },
    });

    await server().start();

    await expectBooksToBalance(house);
    expect((await query(house)).status).toBe(200);
    await expectBooksToBalance(house);
    expect(await readiness(house)).toMatchObject({ status: 200, body: { ledger: 'ok' } });
  });

  test('a query that the ledger enters late is not counted twice', async () => {
    const release = await blockLedger(server());

    const { status, tookMs } = await query(house);
    await release();

    expect(status).toBe(200);
    expect(tookMs).toBeLessThan(BOUND_MS);
    await expectBooksToBalance(house);
  });

  test('entries spooled for the ledger survive a restart', async () => {
    await server().stop('fast');
    for (let i = 0; i < 3; i += 1) expect((await query(house)).status).toBe(200);
    await eventually(async () => expect(await house.metric('guardrail_spooled_entries')).toBe(6));

    await house.stop();
    await server().start();
    await house.restart();

    await expectBooksToBalance(house);
    expect(await jobs(house)).toHaveLength(9);
  });
});

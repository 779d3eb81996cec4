import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../ledger/postgres/server.ts';
import { ATENDIMENTO, eventually, type House, PROJECT, post, useHouse } from '../guardrail.ts';

/** The longest that a query waits for the ledger, and a bound with time for everything else. */
const TIMEOUT_S = 2;
const BOUND_MS = 10_000;

const policies = {
  'ledger.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: day, team: atendimento, window: day, limit: 1 GiB, warn_at: [1%] }
  - { name: persons, team: atendimento, per: person, window: month, limit: 10 USD }
  - { name: at-once, team: atendimento, limit: 20 at once }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
};

/** A guardrail whose ledger is on its own PostgreSQL server. */
function useHouseOnPostgres(onFailure: 'deny' | 'allow_capped'): { house: House; server(): PostgresServer } {
  let server: PostgresServer | null = null;
  beforeAll(async () => {
    server = await startPostgres();
  });
  const opened = () => {
    if (server === null) throw new Error('PostgreSQL is not up');
    return server;
  };
  const house = useHouse({
    gated: true,
    sandbox: { messages: 3_000 },
    policies,
    settings: () => ({
      ledger: opened().url,
      ledger_timeout: TIMEOUT_S,
      on_ledger_failure: onFailure,
    }),
  });
  afterAll(() => server?.remove());
  return { house, server: opened };
}

/** Sends one query as a bare request, so that no client retries it. */
async function query(house: House) {
  const startedAt = performance.now();
  const answer = await post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`,
    JSON.stringify({
      query: `-- Metabase:: userID: 12 queryType: native queryHash: 0a\nSELECT COUNT(*) AS n, '${randomUUID()}' AS x FROM atendimento.tickets WHERE subject != ''`,
      useLegacySql: false,
    }),
  );
  return { ...answer, tookMs: performance.now() - startedAt };
}

async function jobs(house: House) {
  const [found] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  return found.map(({ metadata }) => metadata);
}

const readiness = async (house: House) => {
  const response = await fetch(`${house.guardrail().opsUrl}/readyz`);
  return { status: response.status, body: await response.json() };
};

async function askApi(house: House, name: string) {
  const response = await fetch(`${house.guardrail().opsUrl}/api/v1/${name}`);
  return { status: response.status, body: await response.json() };
}

/** The ledger agrees to the byte with the warehouse's own list of jobs, and nothing is spooled. */
async function expectBooksToBalance(house: House): Promise<void> {
  const listed = await jobs(house);
  const billed = listed.map((job) => BigInt(job.statistics.query.totalBytesBilled));
  const sum = billed.reduce((a, b) => a + b, 0n);
  const micros = billed.map((bytes) => (bytes * 6_250_000n + (1n << 40n) - 1n) >> 40n);
  await eventually(async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    const standing = budgets.map(
      (one: { budget: { name: string }; account: string; used: string; reserved: string }) => [
        one.budget.name,
        one.account,
        BigInt(one.used),
        BigInt(one.reserved),
      ],
    );
    expect(standing).toEqual([
      ['day', '', sum, 0n],
      ['persons', 'metabase:12', micros.reduce((a, b) => a + b, 0n), 0n],
      ['at-once', '', 0n, 0n],
    ]);
    const { decisions } = await house.ops('/api/v1/decisions?limit=1000');
    const admitted = decisions.filter((one: { outcome: string }) => one.outcome === 'admitted');
    const entered = admitted.map(
      (one: { id: string; settlement: { jobId: string; bytesBilled: string } | null }) => [
        one.id,
        one.settlement?.jobId,
        one.settlement?.bytesBilled,
      ],
    );
    expect(new Map(entered.map((one: unknown[]) => [one[0], one]))).toEqual(
      new Map(
        listed.map((job) => [
          job.configuration.labels.guardrail_decision,
          [job.configuration.labels.guardrail_decision, job.id, job.statistics.query.totalBytesBilled],
        ]),
      ),
    );
    expect(admitted).toHaveLength(listed.length);
    expect(await house.metric('guardrail_spooled_entries')).toBe(0);
    expect(await house.metric('guardrail_ledger_up')).toBe(1);
  }, 30_000);
}

/** Blocks writes to the ledger, without an error. @returns a function that ends the block */
async function blockLedger(server: PostgresServer): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE budget_windows IN ACCESS EXCLUSIVE MODE');
  return () => client.end();
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

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { type PostgresServer, startPostgres } from '../../ledger/postgres/server.ts';
import { ATENDIMENTO, eventually, type House, PROJECT, post, useHouse } from '../guardrail.ts';

/** The longest that a query waits for the ledger, and a bound with time for everything else. */
const TIMEOUT_S = 2;

export const BOUND_MS = 10_000;

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
export function useHouseOnPostgres(onFailure: 'deny' | 'allow_capped'): {
  house: House;
  server(): PostgresServer;
} {
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
export async function query(house: House) {
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

export async function jobs(house: House) {
  const [found] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  return found.map(({ metadata }) => metadata);
}

export const readiness = async (house: House) => {
  const response = await fetch(`${house.guardrail().opsUrl}/readyz`);
  return { status: response.status, body: await response.json() };
};

/** The ledger agrees to the byte with the warehouse's own list of jobs, and nothing is spooled. */
export async function expectBooksToBalance(house: House): Promise<void> {
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
export async function blockLedger(server: PostgresServer): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE budget_windows IN ACCESS EXCLUSIVE MODE');
  return () => client.end();
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATENDIMENTO, clientAt, eventually, useHouse } from './guardrail.ts';
import { endLeases } from './leases.ts';
import { type ProxyProcess, startBeside } from './proxy-process.ts';

const house = useHouse({
  gated: true,
  sandbox: { messages: 3_000 },
  policies: {
    'dead.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: at-once, team: atendimento, limit: 1 at once, queue: { length: 0 } }
  - { name: day, team: atendimento, window: day, limit: 1 GiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  },
});

/** A second guardrail on the same ledger, as a process that can be killed. */
let other: ProxyProcess | null = null;

beforeAll(async () => {
  other = await startBeside(house, { GUARDRAIL_UPSTREAM: house.gate().url });
});
afterAll(() => other?.kill());

const query = (client = house.client()) =>
  client.query(`SELECT COUNT(*) AS n, '${randomUUID()}' AS id FROM atendimento.tickets WHERE subject != ''`);

async function balances(): Promise<Record<string, { used: string; reserved: string }>> {
  const { budgets } = await house.ops('/api/v1/budgets');
  return Object.fromEntries(
    budgets.map(
      ({ budget, used, reserved }: { budget: { name: string }; used: string; reserved: string }) => [
        budget.name,
        { used, reserved },
      ],
    ),
  );
}

test('once the lease of a killed process is over, its query frees its place and is settled from its job', async () => {
  house.gate().hold();
  const cutOff = query(clientAt(other?.url ?? '', ATENDIMENTO)).catch((error: Error) => error);
  await eventually(async () => expect(house.gate().waiting()).toHaveLength(1), 30_000);

  await other?.kill();
  house.gate().open();

  expect(await cutOff).toBeInstanceOf(Error);
  await expect(query()).rejects.toMatchObject({ code: 403, errors: [{ reason: 'quotaExceeded' }] });
  expect(await balances()).toEqual({
    'at-once': { used: '0', reserved: '1' },
    day: { used: '0', reserved: '10485760' },
  });

  // A starting process looks at once.
  endLeases(house.ledger());
  await house.restart();
  expect(await balances()).toEqual({
    'at-once': { used: '0', reserved: '0' },
    day: { used: '0', reserved: '10485760' },
  });

  await query();
  await eventually(async () =>
    expect(await balances()).toEqual({
      'at-once': { used: '0', reserved: '0' },
      day: { used: '20971520', reserved: '0' },
    }),
  );
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  const { decisions } = await house.ops('/api/v1/decisions');
  const admitted = decisions.filter((one: { outcome: string }) => one.outcome === 'admitted');
  expect(jobs.map((job) => job.metadata.configuration.labels.guardrail_decision)).toEqual(
    admitted.map((one: { id: string }) => one.id),
  );
  expect(admitted.map((one: { settlement: { source: string } }) => one.settlement.source)).toEqual([
    'response',
    'job',
  ]);
}, 120_000);

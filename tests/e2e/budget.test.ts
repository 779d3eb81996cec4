import { expect, test } from 'vitest';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

const MIB = 1n << 20n;

/** Room for five queries of 10 MiB, the least that BigQuery bills, and no more. */
const house = useHouse({
  policies: {
    'atendimento.yaml': `version: 1
teams:
  - name: atendimento
    language: en
    principals: [${ATENDIMENTO}]
budgets:
  - name: atendimento-day
    team: atendimento
    window: day
    time_zone: America/Sao_Paulo
    limit: 55 MiB
  - name: atendimento-month
    team: atendimento
    window: month
    time_zone: America/Sao_Paulo
    limit: 300 BRL
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  exchange_rates:
    - { to: BRL, rate: "5.35", as_of: 2026-01-01 }
`,
  },
});

const card = (day: number) =>
  `SELECT COUNT(*) AS n FROM atendimento.tickets WHERE DATE(created_at) = DATE_SUB(CURRENT_DATE(), INTERVAL ${day} DAY)`;

/** The balance of a budget once nothing is under way: settlements are written while the answers go out. */
async function balance(name: string): Promise<{ limit: bigint; used: bigint; reserved: bigint }> {
  let found = { limit: '', used: '', reserved: '' };
  await eventually(async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    found = budgets.find((one: { budget: { name: string } }) => one.budget.name === name);
    expect(found.reserved).toBe('0');
  });
  return { limit: BigInt(found.limit), used: BigInt(found.used), reserved: BigInt(found.reserved) };
}

test('of many queries at once, those that fit the budget run; the others are refused, also after a restart', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, day) => house.client().query(card(day + 1))),
  );

  const refusals = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refusals).toHaveLength(15);
  for (const refused of refusals) {
    expect(refused).toMatchObject({ code: 403, errors: [{ reason: 'quotaExceeded' }] });
    const { message } = refused as Error;
    expect(message).toContain('atendimento-day');
    expect(message).toContain('10 MiB');
    expect(message).toContain('5 MiB of 55 MiB');
    expect(message).toMatch(/renews on .*\(America\/Sao_Paulo\)/);
  }
  const before = await balance('atendimento-day');
  expect(before).toEqual({ limit: 55n * MIB, used: 50n * MIB, reserved: 0n });

  const month = await balance('atendimento-month');
  await house.restart();

  expect(await balance('atendimento-day')).toEqual(before);
  expect(await balance('atendimento-month')).toEqual(month);
  await expect(house.client().query(card(21))).rejects.toThrow('atendimento-day');
});

test('a budget is charged to the byte what the warehouse billed, and jobs and decisions name each other', async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  const billed = jobs.map((job) => BigInt(job.metadata.statistics.query.totalBytesBilled));

  const { decisions } = await house.ops('/api/v1/decisions?limit=100');
  const admitted = decisions.filter((one: { outcome: string }) => one.outcome === 'admitted');

  expect(billed.reduce((sum, bytes) => sum + bytes, 0n)).toBe((await balance('atendimento-day')).used);
  expect(new Set(jobs.map((job) => job.metadata.configuration.labels.guardrail_decision))).toEqual(
    new Set(admitted.map((one: { id: string }) => one.id)),
  );
  expect(new Set(admitted.map((one: { settlement: { jobId: string } }) => one.settlement.jobId))).toEqual(
    new Set(jobs.map((job) => job.metadata.id)),
  );
});

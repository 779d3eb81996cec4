import { afterEach, expect, test } from 'vitest';
import { eventually, useHouse } from './guardrail.ts';

const principal = (team: string) => `${team}@guardrail-demo.example`;
const TEAMS = ['careful', 'counted', 'slots', 'windows', 'warned'];

const house = useHouse({
  gated: true,
  sandbox: { messages: 3_000 },
  policies: {
    'limits.yaml': `version: 1
teams:
${TEAMS.map((team) => `  - { name: ${team}, language: en, principals: ["${principal(team)}"] }`).join('\n')}
budgets:
  - name: careful-day
    team: careful
    window: day
    limit: 15 MiB
    when_exceeded: { only: [star] }
  - { name: counted-hour, team: counted, window: hour, limit: 2 queries }
  - { name: slots-day, team: slots, window: day, limit: 0.15 slot-hours }
  - { name: windows-hour, team: windows, window: hour, limit: 1 GiB, time_zone: Asia/Kolkata }
  - { name: windows-week, team: windows, window: week, limit: 1 GiB, time_zone: America/Sao_Paulo }
  - { name: windows-rolling, team: windows, window: rolling 24h, limit: 15 MiB }
  - { name: warned-day, team: warned, window: day, limit: 5 MiB, when_exceeded: warn }
rules:
  - { name: star, mode: audit, when: query.star }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  },
});

afterEach(() => house.gate().open());

const CARD = "SELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject != ''";
const ask = (team: string, sql: string) => house.client(principal(team)).query(sql);

async function refusal(team: string, sql: string): Promise<string> {
  const error = await ask(team, sql).then(
    () => null,
    (thrown: Error) => thrown,
  );
  expect(error).toMatchObject({ code: 403, errors: [{ reason: 'quotaExceeded' }] });
  return error?.message ?? '';
}

/** The balance of a budget once none of its queries is under way. */
// biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
async function settled(name: string): Promise<any> {
  let found: { reserved?: string } | undefined;
  await eventually(async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    found = budgets.find(({ budget }: { budget: { name: string } }) => budget.name === name);
    expect(found?.reserved).toBe('0');
  });
  return found;
}

test('a budget with when_exceeded only refuses, beyond its limit, queries that those rules match, and says how to pass', async () => {
  await ask('careful', CARD);
  await ask('careful', `${CARD} AND ticket_id > 0`);

  const message = await refusal('careful', "SELECT * FROM atendimento.tickets WHERE subject != ''");

  expect(message).toContain('budget careful-day');
  expect(message).toMatch(/this budget refuses only queries that certain rules match; rule star .* matches/);
  expect(message).toContain('change the query so that no such rule matches it');
  expect(await settled('careful-day')).toMatchObject({ used: String(20 << 20), limit: String(15 << 20) });
});

test('a budget in queries counts only those that ran', async () => {
  await expect(ask('counted', 'SELECT nothing FROM nowhere')).rejects.toThrow();
  await ask('counted', CARD);
  await ask('counted', CARD);

  const message = await refusal('counted', CARD);

  expect(message).toContain('allows 2 queries an hour, and none is left');
  expect(await settled('counted-hour')).toMatchObject({ used: '2' });
});

test('a budget in slot-hours reserves an estimate of slot time, and settles what the job took', async () => {
  house.gate().hold();
  const first = ask('slots', CARD);
  await eventually(async () => expect(house.gate().waiting()).toHaveLength(1));
  const message = await refusal(
    'slots',
    "SELECT MAX(subject) AS s FROM atendimento.tickets WHERE channel != ''",
  );
  house.gate().open();
  await first;

  expect(message).toContain('it would take 0.1 slot-hours out of budget slots-day');
  expect(message).toContain('which has 180 slot-seconds left');
  const [jobs] = await house.direct(principal('slots')).getJobs({ projection: 'full' } as object);
  const { used } = await settled('slots-day');
  expect(jobs).toHaveLength(1);
  expect(used).toBe(jobs[0]?.metadata.statistics.totalSlotMs);
});

test('budgets by hour, week and rolling window are all charged, and a refusal says when each of them renews', async () => {
  await ask('windows', CARD);

  const message = await refusal('windows', `${CARD} AND ticket_id > 1`);

  expect(message).toContain('10 MiB out of budget windows-rolling');
  expect(message).toMatch(
    /windows-rolling: 5 MiB of 15 MiB in 24 hours; the oldest use expires on .*\(UTC\)/,
  );
  expect(message).toMatch(/windows-hour: .* renews on .*:[03]0 \(Asia\/Kolkata\)/);
  expect(message).toMatch(/windows-week: .* renews on .* 00:00 \(America\/Sao_Paulo\)/);
  const [hour, week, rolling] = [
    await settled('windows-hour'),
    await settled('windows-week'),
    await settled('windows-rolling'),
  ];
  for (const { used } of [hour, week, rolling]) expect(used).toBe(String(10 << 20));
  expect(hour.window.endMs - hour.window.startMs).toBe(3_600_000);
  expect(week.window.endMs - week.window.startMs).toBe(7 * 86_400_000);
  expect(week.window.key).toMatch(/^\d{4}-W\d\d$/);
  expect(Date.now() - rolling.window.startMs).toBeGreaterThanOrEqual(24 * 3_600_000);
});

test('a budget with when_exceeded warn keeps counting, and lets every query run', async () => {
  await ask('warned', CARD);
  await ask('warned', `${CARD} AND ticket_id > 2`);

  expect(await settled('warned-day')).toMatchObject({
    used: String(20 << 20),
    limit: String(5 << 20),
    left: '0',
  });
});

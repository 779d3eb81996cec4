import { expect, test } from 'vitest';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

const MIB = 1n << 20n;

/** Every query in this file is billed 10 MiB, the least that BigQuery bills. */
const house = useHouse({
  sandbox: { messages: 3_000 },
  policies: {
    'subjects.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: company-month, organisation: true, window: month, limit: 1 GiB }
  - { name: team-day, team: atendimento, window: day, limit: 500 MiB }
  - { name: person-day, team: atendimento, per: person, window: day, limit: 25 MiB }
  - { name: dashboard-day, team: atendimento, per: dashboard, window: day, limit: 45 MiB }
  - { name: project-day, project: guardrail-*, window: day, limit: 115 MiB }
  - { name: other-project-day, project: elsewhere, window: day, limit: 0 B }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  },
});

let sent = 0;

/** The outcome of a card opened by this person on this dashboard; null sends a query without a remark. */
async function outcomeOf(who: { person: number; dashboard: number } | null): Promise<string> {
  sent += 1;
  const remark =
    who === null
      ? ''
      : `-- Metabase:: userID: ${who.person} queryType: native dashboardID: ${who.dashboard} queryHash: 0a${sent}\n`;
  const sql = `${remark}SELECT COUNT(*) AS n, ${sent} AS card FROM atendimento.tickets WHERE subject != ''`;
  try {
    await house.client().query(sql);
    return 'passed';
  } catch (error) {
    const { message, errors } = error as Error & { errors: { reason: string }[] };
    expect(errors[0]?.reason).toBe('quotaExceeded');
    return /budget ([\w-]+(?:, [^(]+)?) \(/.exec(message)?.[1] ?? message;
  }
}

async function outcomesOf(...all: ({ person: number; dashboard: number } | null)[]): Promise<string[]> {
  const outcomes = [];
  for (const who of all) outcomes.push(await outcomeOf(who));
  return outcomes;
}

test('of all the budgets that cover a query, a refusal names the exhausted one and its account', async () => {
  const onSeven = (person: number) => ({ person, dashboard: 7 });

  expect(await outcomesOf(onSeven(1), onSeven(1), onSeven(1))).toEqual([
    'passed',
    'passed',
    'person-day, metabase:1',
  ]);
  expect(await outcomesOf(onSeven(2), onSeven(2), onSeven(3))).toEqual([
    'passed',
    'passed',
    'dashboard-day, metabase:7',
  ]);
  expect(await outcomesOf({ person: 1, dashboard: 8 })).toEqual(['person-day, metabase:1']);
});

test('queries without a remark share one account', async () => {
  expect(await outcomesOf(null, null, null)).toEqual(['passed', 'passed', 'person-day, no person named']);
});

test('persons and dashboards with budget left run until the budget of their project is used up', async () => {
  const outcomes = await outcomesOf(
    ...[4, 5, 6, 7, 8, 9].map((person) => ({ person, dashboard: 100 + person })),
  );

  expect(outcomes).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'project-day']);
});

test('every account of every budget is charged exactly what its queries were billed', async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  const billed = jobs.reduce((sum, job) => sum + BigInt(job.metadata.statistics.query.totalBytesBilled), 0n);
  expect(billed).toBe(110n * MIB);

  await eventually(async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    const found: Record<string, Record<string, bigint>> = {};
    for (const { budget, account, used, reserved } of budgets) {
      expect(reserved).toBe('0');
      // Somebody who was only ever refused has an account too, with nothing in it.
      if (account !== '' && used === '0') continue;
      found[budget.name] = { ...found[budget.name], [account]: BigInt(used) / MIB };
    }
    expect(found).toEqual({
      'company-month': { '': 110n },
      'team-day': { '': 110n },
      'person-day': {
        'metabase:1': 20n,
        'metabase:2': 20n,
        '(none)': 20n,
        ...Object.fromEntries([4, 5, 6, 7, 8].map((person) => [`metabase:${person}`, 10n])),
      },
      'dashboard-day': {
        'metabase:7': 40n,
        '(none)': 20n,
        ...Object.fromEntries([4, 5, 6, 7, 8].map((person) => [`metabase:${100 + person}`, 10n])),
      },
      'project-day': { '': 110n },
      'other-project-day': { '': 0n },
    });
  });
});

import { beforeEach, expect, test } from 'vitest';
import { eventually, post, useHouse } from './guardrail.ts';

const MIB = 1n << 20n;
const mail = (name: string) => `metabase-${name}@guardrail-demo.iam.gserviceaccount.com`;

const house = useHouse({
  policies: {
    'a.yaml': `version: 1
teams:
  - name: trusted
    principals: [${mail('atendimento')}, ${mail('finops')}]
    estimate: { mode: capped, up_to: 12 MiB }
  - name: watched
    principals: [${mail('produto')}]
    estimate: { mode: capped, up_to: 12 MiB }
rules:
  - name: no-huge
    teams: [watched]
    mode: deny
    when: query.bytes_billed > 100000000000
    message: Too much.
budgets:
  - { name: trusted-day, team: trusted, per: principal, window: day, limit: 115 MiB }
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
`,
  },
});

let name = 'atendimento';
const ask = (query: string, who = name) =>
  post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`,
    JSON.stringify({ query, useLegacySql: false }),
    { authorization: `Bearer sandbox:${mail(who)}` },
  );
const dryRuns = async () => (await house.metric('guardrail_dry_run_seconds_count')) ?? 0;
const small = (n: number) => `SELECT COUNT(*) + ${n} AS n, MAX(channel) AS c FROM atendimento.tickets`;

/** The balances of the budgets once nothing is under way. */
async function settledBalances(): Promise<readonly { used: string; limit: string; reserved: string }[]> {
  let budgets: readonly { used: string; limit: string; reserved: string }[] = [];
  await eventually(async () => {
    ({ budgets } = await house.ops('/api/v1/budgets'));
    expect(budgets.every(({ reserved }) => reserved === '0')).toBe(true);
  });
  return budgets;
}

beforeEach(() => {
  name = 'atendimento';
});

test('a capped team needs a dry run for the first query of a credential, and none for later distinct queries', async () => {
  const before = await dryRuns();
  await ask(small(0));
  expect(await dryRuns()).toBe(before + 1);

  const answers = [await ask(small(1)), await ask(small(2))];

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await dryRuns()).toBe(before + 1);
  expect(await house.metric('guardrail_estimate_lookups_total', { source: 'cap' })).toBe(2);
  const record = await house.ops(`/api/v1/decisions/${answers[0]?.headers.get('x-guardrail-decision-id')}`);
  expect(record).toMatchObject({
    estimateCached: false,
    maximumBytesBilled: String(12n * MIB),
    estimate: { accuracy: 'UPPER_BOUND', bytesBilled: String(12n * MIB) },
  });
});

test('a credential that the warehouse has not confirmed is priced by a dry run, though its team is capped', async () => {
  const before = await dryRuns();

  await ask(small(3), 'finops');

  expect(await dryRuns()).toBe(before + 1);
});

test('a query through a view is priced every time, and recorded with the tables behind the view', async () => {
  const before = await dryRuns();

  await ask('SELECT SUM(tickets) AS n FROM atendimento.daily_volume', 'finops');
  const answer = await ask('SELECT SUM(closed) AS n FROM atendimento.daily_volume', 'finops');

  expect(await dryRuns()).toBe(before + 2);
  const record = await house.ops(`/api/v1/decisions/${answer.headers.get('x-guardrail-decision-id')}`);
  expect(JSON.stringify(record.estimate.referencedTables)).toContain('"tickets"');
});

test('a rule on bytes billed forces a dry run of every query', async () => {
  const before = await dryRuns();

  await ask(small(4), 'produto');
  await ask(small(5), 'produto');

  expect(await dryRuns()).toBe(before + 2);
});

test('a query above the cap is priced by a dry run, and runs when the budget has room for it', async () => {
  await ask('SELECT COUNT(*) AS n FROM atendimento.messages', 'finops');
  const before = await dryRuns();

  const answer = await ask(
    'SELECT (SELECT MAX(body) FROM atendimento.messages) AS a, (SELECT MAX(channel) FROM atendimento.tickets) AS b',
    'finops',
  );

  expect(await dryRuns()).toBe(before + 1);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(BigInt(answer.body.totalBytesBilled)).toBeGreaterThan(12n * MIB);
});

test('many capped queries at once never exceed the budget, and a refusal states the price from a dry run', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(small(100 + n))));

  const balances = await settledBalances();
  for (const { used, limit } of balances) expect(BigInt(used)).toBeLessThanOrEqual(BigInt(limit));
  const refused = answers.filter(({ status }) => status === 403);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body } of refused) {
    expect(body.error.details[0]).toMatchObject({
      refusedBy: 'budget',
      estimate: { bytesBilled: String(10n * MIB) },
    });
  }
  // Once settled, the budget has room for whole queries of 10 MiB until less than that is left.
  for (let n = 0; n < 12; n += 1) await ask(small(200 + n));
  const mine = (await settledBalances()).find(({ used }) => BigInt(used) > 100n * MIB);
  expect(mine?.used).toBe(String(110n * MIB));
});

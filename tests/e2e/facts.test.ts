import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { eventually, useHouse } from './guardrail.ts';

const house = useHouse({
  policies: {
    'atendimento.yaml': await readFile('policies/atendimento.yaml', 'utf8'),
    'rules.yaml': `
version: 1
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  exchange_rates:
    - { to: BRL, rate: "5.35", as_of: 2026-11-01 }
rules:
  - name: partition-filter
    mode: deny
    when: query.tables.exists(t, t.partitioned_by != "" && !t.partition_filter)
    message: Filter on \${query.tables.filter(t, t.partitioned_by != "")[0].partitioned_by}.
  - name: not-clustered-so
    mode: warn
    when: query.tables.exists(t, t.clustered_by == ["status", "channel"] && !t.cluster_filter)
    message: Filter on status.
  - name: function-around-partition
    mode: warn
    when: '"function-around-partition-column" in query.antipatterns'
    message: Compare created_at itself.
  - name: a-little-is-spent
    mode: warn
    when: budget("atendimento-day").share > 0.0
    message: Some of the day is spent.
  - name: seen-before
    mode: warn
    when: history.known && history.runs >= 1 && history.last_seen_hours < 1.0
    message: This ran before.
  - name: cached
    mode: warn
    when: query.cached
    message: From the cache.
`,
  },
  // Estimates are remembered only for a moment here, so that each query is priced again.
  settings: { estimate_ttl: 0.001 },
});

/** The names of the rules that a query hit. */
async function hitsOf(sql: string): Promise<readonly string[]> {
  await house
    .client()
    .query(sql)
    .catch(() => undefined);
  const { decisions } = await house.ops('/api/v1/decisions?limit=1');
  return decisions[0].hits.map(({ rule }: { readonly rule: string }) => rule);
}

test("rules see a table's partitioning and clustering without a catalog", async () => {
  expect(await hitsOf('SELECT subject FROM atendimento.tickets')).toEqual([
    'partition-filter',
    'not-clustered-so',
  ]);
  expect(
    await hitsOf(
      "SELECT subject FROM atendimento.tickets WHERE created_at >= '2020-01-01' AND status = 'open'",
    ),
  ).toEqual([]);
});

test('a filter whose table the SQL does not name counts for the only table that has the column', async () => {
  const sql =
    "SELECT subject FROM atendimento.tickets JOIN atendimento.agents USING (agent_id) WHERE created_at >= '2020-01-01' AND status = 'open'";

  const hits = await hitsOf(sql);

  expect(hits).not.toContain('partition-filter');
  expect(hits).not.toContain('not-clustered-so');
});

test("an anti-pattern about a table's partition column is found from the table's definition", async () => {
  const sql = (filter: string) =>
    `SELECT subject FROM atendimento.tickets WHERE ${filter} AND status = 'open'`;

  expect(await hitsOf(sql("FORMAT_TIMESTAMP('%Y', created_at) = '1999'"))).toContain(
    'function-around-partition',
  );
  expect(
    await hitsOf(sql("FORMAT_TIMESTAMP('%Y', closed_at) = '1999' AND created_at > '2020-01-01'")),
  ).not.toContain('function-around-partition');
});

test('a refusal message can name the partition column', async () => {
  await expect(house.client().query('SELECT subject FROM atendimento.tickets')).rejects.toThrow(
    'Filter on created_at.',
  );
});

test('rules see the budget spent, earlier runs of a query, and whether it is cached', async () => {
  const sql = 'SELECT name FROM atendimento.agents ORDER BY name';
  await house.client().query(sql);
  await eventually(async () => {
    const { decisions } = await house.ops('/api/v1/decisions?limit=1');
    expect(decisions[0].settlement).not.toBeNull();
  });

  const cached = await hitsOf(sql);
  // The history of a query is remembered for a minute; a new process reads it again.
  await house.restart();
  const again = await hitsOf(sql);

  expect(cached).toEqual(['a-little-is-spent', 'cached']);
  expect(again).toEqual(['a-little-is-spent', 'seen-before', 'cached']);
});

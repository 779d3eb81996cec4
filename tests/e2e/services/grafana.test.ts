import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dashboards } from '../../../dashboards/grafana/definitions/dashboards.ts';
import { runReconciliation } from '../../../src/commands/reconcile/run.ts';
import { dashboardsPage } from '../../dashboards/page.ts';
import { atendimentoCards, finopsCards } from '../dashboards.ts';
import { eventually, FINOPS, PROJECT, useHouse } from '../guardrail.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const queries = dashboards.flatMap((dashboard) =>
  dashboard.rows.flatMap((row) =>
    row.panels.flatMap((panel) =>
      panel.queries.map(({ expr }) => [dashboard.uid, panel.title[0], expr] as const),
    ),
  ),
);
const values = new Map<string, readonly number[]>();

const house = useHouse();
let prometheus: Prometheus | null = null;

beforeAll(async () => {
  // What is saved is told soon after the start, and then not again for minutes.
  await askForEverything();
  prometheus = await startPrometheus(new URL(house.guardrail().opsUrl).host);
  await reconcile();
  // Counters need two scrapes on either side of a change before they have a rate.
  for (let round = 0; round < 4; round += 1) {
    await trafficOf(round);
    await sleep(1200);
  }
}, 120_000);
afterAll(async () => {
  await prometheus?.close();
  if (process.env['WRITE_PANEL_VALUES'] !== undefined) {
    await writeFile('docs/dashboards.md', dashboardsPage(values));
  }
});

/** What a morning brings: dashboards, a runaway query, a legacy table, SQL that nobody can read. */
async function trafficOf(round: number): Promise<void> {
  for (const { query, params } of atendimentoCards) {
    await house.client().query({ query, ...(params === undefined ? {} : { params }) });
  }
  for (const { query, params } of finopsCards) {
    await house.client(FINOPS).query({ query, ...(params === undefined ? {} : { params }) });
  }
  await house.client(FINOPS).query(`SELECT gestora, ${round} AS n FROM finops.legacy_reconciliation_sheet`);
  await house
    .client()
    .query(`SELECT body, ${round} AS n FROM atendimento.messages WHERE created_at IS NOT NULL LIMIT 1`);
  await askForEverything();
  await house
    .client()
    .query('SELEC 1')
    .catch(() => undefined);
}

/** Which is refused. */
async function askForEverything(): Promise<void> {
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);
}

/** Somebody went round the guardrail, and the books are held against the warehouse's. */
async function reconcile(): Promise<void> {
  await house.direct().query('SELECT COUNT(subject) AS n FROM atendimento.tickets');
  const run = { endpoint: house.sandbox().url, token: `sandbox:${FINOPS}`, project: [PROJECT], lag: 0 };
  const environment = {
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: house.ledger(),
  };
  const to = new Date(Date.now() + 1000).toISOString();
  await runReconciliation({ ...run, to }, { environment, nowMs: Date.now() + 1000 });
}

/** What Grafana puts in place of its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll('$team', '.*').replaceAll('$__rate_interval', '1m');
}

test('the dashboards ask something', () => {
  expect(queries.length).toBeGreaterThan(40);
});

test.each(queries)('a real Prometheus answers %s, panel "%s", with data: %s', async (_uid, _title, expr) => {
  const samples = (await prometheus?.query(filledIn(expr))) ?? [];

  values.set(expr, samples);
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(sample).not.toBeNaN();
});

test('what Prometheus holds is what the books hold', async () => {
  const { spend } = await house.ops('/api/v1/spend?by=team');
  const total = spend.reduce(
    (sum: bigint, row: { bytesBilled: string }) => sum + BigInt(row.bytesBilled),
    0n,
  );

  const [billed] = (await prometheus?.query('sum(guardrail_bytes_billed_total)')) ?? [];

  expect(billed).toBe(Number(total));
});

test('the shipped rules are evaluated without an error', async () => {
  await eventually(async () => {
    const rules = (await prometheus?.rules()) ?? [];

    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

test('the rules tell of what went round the guardrail, and of nothing else', async () => {
  await eventually(async () => {
    const alerts = ((await prometheus?.rules()) ?? []).filter(({ state }) => state === 'firing');

    expect(alerts.map(({ name }) => name).toSorted()).toEqual([
      'ReconciliationOutOfBalance',
      'UnguardedSpend',
    ]);
  });
});

test.each([
  'Billed, last 24 h',
  'Cost, last 24 h',
  'Kept from running, last 24 h',
  'Answered from cache, last 24 h',
  'Budgets: spent of limit',
  'Queries by decision',
  'Rules that matched',
  'SQL that no parser read',
  'Ledger can be written',
  'Last reconciliation',
  'What the last reconciliation found',
  'Forecast: where budgets end',
  'Budgets renew in',
  'How large queries are',
  'How long queries take',
  'Refused, last 24 h',
  'Queries of legacy tables',
  'Overhead',
  'Dry runs',
])('"%s" is above nothing after such a morning', async (title) => {
  const expressions = queries.filter(([, one]) => one === title).map(([, , expression]) => expression);

  const samples = await Promise.all(expressions.map((expression) => prometheus?.query(filledIn(expression))));

  expect(Math.max(...samples.flatMap((one) => one ?? []))).toBeGreaterThan(0);
});

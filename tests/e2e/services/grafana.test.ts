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
  // Savings are exported soon after the start, and then not again for minutes.
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

/** The traffic of a morning: dashboards, a runaway query, a legacy table, SQL that cannot be read. */
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

/** Sends a runaway query, which is refused. */
async function askForEverything(): Promise<void> {
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);
}

/** Bypasses guardrail with one query, and reconciles with the warehouse. */
async function reconcile(): Promise<void> {
  await house.direct().query('SELECT COUNT(subject) AS n FROM atendimento.tickets');
  const run = { endpoint: house.sandbox().url, token: `sandbox:${FINOPS}`, project: [PROJECT], lag: 0 };
  const environment = {
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: house.ledger(),
  };
  const nowMs = Date.now() + 1000;
  await runReconciliation({ ...run, to: () => nowMs }, { environment, nowMs });
}

/** The expression with Grafana's variables filled in. */
function filledIn(expression: string): string {
  return expression.replaceAll('$team', '.*').replaceAll('$__rate_interval', '1m');
}

test('the dashboards have more than forty queries', () => {
  expect(queries.length).toBeGreaterThan(40);
});

test.each(queries)('a real Prometheus answers %s, panel "%s", with data: %s', async (_uid, _title, expr) => {
  const samples = (await prometheus?.query(filledIn(expr))) ?? [];

  values.set(expr, samples);
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(sample).not.toBeNaN();
});

test('the bytes billed in Prometheus are those in the ledger', async () => {
  const { spend } = await house.ops('/api/v1/spend?by=team');
  const total = spend.reduce(
    (sum: bigint, row: { bytesBilled: string }) => sum + BigInt(row.bytesBilled),
    0n,
  );

  const [billed] = (await prometheus?.query('sum(guardrail_bytes_billed_total)')) ?? [];

  expect(billed).toBe(Number(total));
});

test('the shipped Prometheus rules are evaluated without errors', async () => {
  await eventually(async () => {
    const rules = (await prometheus?.rules()) ?? [];

    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});

test('the only alerts firing are those about a query that bypassed guardrail', async () => {
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
])('panel "%s" shows a value above zero after a morning of traffic', async (title) => {
  const expressions = queries.filter(([, one]) => one === title).map(([, , expression]) => expression);

  const samples = await Promise.all(expressions.map((expression) => prometheus?.query(filledIn(expression))));

  expect(Math.max(...samples.flatMap((one) => one ?? []))).toBeGreaterThan(0);
});

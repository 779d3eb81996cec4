import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runReconciliation } from '../../../src/commands/reconcile-run.ts';
import { atendimentoCards, finopsCards } from '../dashboards.ts';
import { eventually, FINOPS, PROJECT, useHouse } from '../guardrail.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      type: z.string(),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});

const { panels } = dashboard.parse(JSON.parse(await readFile('dashboards/grafana/guardrail.json', 'utf8')));
const queries = panels.flatMap((panel) => panel.targets.map((target) => [panel.title, target.expr] as const));

const house = useHouse();
let prometheus: Prometheus | null = null;

beforeAll(async () => {
  prometheus = await startPrometheus(new URL(house.guardrail().opsUrl).host);
  await reconcile();
  // Counters need two scrapes on either side of a change before they have a rate.
  for (let round = 0; round < 4; round += 1) {
    await trafficOf(round);
    await sleep(1200);
  }
}, 120_000);
afterAll(() => prometheus?.close());

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
  await house
    .client()
    .query('SELECT * FROM atendimento.messages')
    .catch(() => undefined);
  await house
    .client()
    .query('SELEC 1')
    .catch(() => undefined);
}

/** Somebody went round the guardrail, and the books are held against the warehouse's. */
async function reconcile(): Promise<void> {
  await house.direct().query('SELECT COUNT(subject) AS n FROM atendimento.tickets');
  const run = { endpoint: house.sandbox().url, token: `sandbox:${FINOPS}`, project: [PROJECT], lag: 0 };
  const environment = {
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: `sqlite:${join(house.policies(), '..', 'ledger.db')}`,
  };
  const to = new Date(Date.now() + 1000).toISOString();
  await runReconciliation({ ...run, to }, { environment, nowMs: Date.now() + 1000 });
}

/** What Grafana puts in place of its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll('$team', '.*').replaceAll('$__rate_interval', '1m');
}

test('the dashboard asks something', () => {
  expect(queries.length).toBeGreaterThan(20);
});

test.each(queries)('a real Prometheus answers the panel "%s" with data: %s', async (title, expression) => {
  const samples = (await prometheus?.query(filledIn(expression))) ?? [];

  process.stdout.write(`${title}: ${samples.join(', ')}\n`);
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
  'Rules that held',
  'SQL that no parser read',
  'Ledger can be written',
  'Last reconciliation',
  'What the last reconciliation found',
])('"%s" is above nothing after such a morning', async (title) => {
  const expressions = queries.filter(([one]) => one === title).map(([, expression]) => expression);

  const samples = await Promise.all(expressions.map((expression) => prometheus?.query(filledIn(expression))));

  expect(Math.max(...samples.flatMap((one) => one ?? []))).toBeGreaterThan(0);
});

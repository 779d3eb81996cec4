import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually, PROJECT, useHouse } from './guardrail.ts';

const WIDE = 'wide@guardrail-demo.example';
const NARROW = 'narrow@guardrail-demo.example';
const SHORT = 'short@guardrail-demo.example';
const NONE = 'none@guardrail-demo.example';
const TRUSTED = 'trusted@guardrail-demo.example';
const ALSO_TRUSTED = 'also-trusted@guardrail-demo.example';
const BRIEF = 'brief@guardrail-demo.example';
const ALSO_BRIEF = 'also-brief@guardrail-demo.example';

/** How long a query waits at least, of which none counts as overhead. */
const HELD_MS = 300;

/** The longest wait of a query of the brief team, and how much of it has passed once it is priced. */
const BRIEF_MS = 7_000;
const UNPRICED_MS = 4_000;

const house = useHouse({
  gated: true,
  sandbox: { messages: 3_000 },
  policies: {
    'at-once.yaml': `version: 1
teams:
  - { name: wide, language: en, principals: ["${WIDE}"] }
  - { name: narrow, language: pt-BR, principals: ["${NARROW}"] }
  - { name: short, language: pt-BR, principals: ["${SHORT}"] }
  - { name: none, language: en, principals: ["${NONE}"] }
  - { name: trusted, language: en, principals: ["${TRUSTED}", "${ALSO_TRUSTED}"], estimate: { mode: capped, up_to: 12 MiB } }
  - { name: brief, language: en, principals: ["${BRIEF}", "${ALSO_BRIEF}"], estimate: { mode: capped, up_to: 12 MiB } }
budgets:
  - { name: wide-at-once, team: wide, limit: 2 at once, queue: { length: 20, wait: 60 s } }
  - { name: narrow-at-once, team: narrow, limit: 1 at once, queue: { length: 4, wait: 60 s } }
  - { name: short-at-once, team: short, limit: 1 at once, queue: { length: 1, wait: 2 s } }
  - { name: none-at-once, team: none, limit: 1 at once, queue: { length: 0 } }
  - { name: none-day, team: none, window: day, limit: 1 GiB }
  - { name: trusted-at-once, team: trusted, per: principal, limit: 1 at once, queue: { length: 1, wait: 60 s } }
  - { name: trusted-day, team: trusted, window: day, limit: 43 MiB }
  - { name: brief-at-once, team: brief, per: principal, limit: 1 at once, queue: { length: 1, wait: ${BRIEF_MS / 1000} s } }
  - { name: brief-day, team: brief, window: day, limit: 43 MiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  },
});

afterEach(() => house.gate().open());

/** Sends a query as this principal; no two are alike, so none is answered from the cache. */
function query(principal: string, remark = '') {
  return house.client(principal).query({ query: `${remark}SELECT '${randomUUID()}' AS id` });
}

/** A query of a table, which goes under the cap of a trusted team once that table is known. */
function queryOfTable(principal: string) {
  return house
    .client(principal)
    .query(`SELECT '${randomUUID()}' AS id, MAX(channel) AS channel FROM atendimento.tickets`);
}

async function refusal(
  principal: string,
  ask: (principal: string) => Promise<unknown> = query,
): Promise<{ code: number; message: string; reason: string }> {
  try {
    await ask(principal);
  } catch (error) {
    const { code, message, errors } = error as Error & { code: number; errors: { reason: string }[] };
    return { code, message, reason: errors[0]?.reason ?? '' };
  }
  throw new Error('the query was not refused');
}

const atGate = (count: number) => eventually(async () => expect(house.gate().waiting()).toHaveLength(count));
const queued = (budget: string, count: number | null) =>
  eventually(async () => expect(await house.metric('guardrail_queries_waiting', { budget })).toBe(count));

/** How many places of the budget are taken. */
async function reserved(budget: string): Promise<string> {
  const { budgets } = await house.ops('/api/v1/budgets');
  return budgets.find((one: { budget: { name: string } }) => one.budget.name === budget).reserved;
}

test('queries beyond the places of a budget wait, all of them run, and never more at once than it allows', async () => {
  house.gate().hold();
  house.gate().takeMost();
  const queries = Array.from({ length: 9 }, () => query(WIDE));
  await atGate(2);
  await queued('wide-at-once', 7);

  house.gate().open();

  const answers = await Promise.all(queries);
  expect(answers.map(([rows]) => rows)).toEqual(answers.map(() => [{ id: expect.any(String) }]));
  expect(house.gate().takeMost()).toBe(2);
  expect(await house.metric('guardrail_queries_waiting', { budget: 'wide-at-once' })).toBeNull();
  await eventually(async () => expect(await reserved('wide-at-once')).toBe('0'));
});

test("a query is refused in the team's language when the queue is full or the wait too long", async () => {
  house.gate().hold();
  const running = query(SHORT);
  await atGate(1);

  const refusals = await Promise.all([refusal(SHORT), refusal(SHORT)]);
  house.gate().open();
  await running;

  for (const one of refusals) expect(one).toMatchObject({ code: 403, reason: 'quotaExceeded' });
  const [tooLong, tooMany] = refusals.map(({ message }) => message).toSorted();
  expect(tooMany).toContain('não foi executada: já há 1 consulta em execução no orçamento short-at-once');
  expect(tooMany).toContain('e 1 na fila');
  expect(tooLong).toContain('esperou 2 segundos por uma vaga no orçamento short-at-once');
  expect(tooLong).toContain('tente de novo daqui a pouco');
});

test('the wait of a query that is refused after it is no overhead', async () => {
  house.gate().hold();
  const running = query(SHORT);
  await atGate(1);

  await refusal(SHORT);
  house.gate().open();
  await running;

  await eventually(async () => {
    const { decisions } = await house.ops('/api/v1/decisions?team=short&limit=2');
    const refused = decisions.find(({ outcome }: { outcome: string }) => outcome === 'refused');
    expect(refused?.overheadMs).toBeLessThan(2_000);
  });
});

test('the wait of a query that is priced only after it, as there is no room for its cap any more, is no overhead', async () => {
  const ask = queryOfTable;
  // From here on the table is known, so that queries of it go under the cap.
  await ask(TRUSTED);
  const dryRuns = () => house.metric('guardrail_dry_run_seconds_count');
  const dryRunsBefore = (await dryRuns()) ?? 0;
  house.gate().hold();
  const running = ask(TRUSTED);
  await atGate(1);
  const sentAt = performance.now();
  const waiting = ask(TRUSTED);
  await queued('trusted-at-once', 1);
  await new Promise((resolve) => setTimeout(resolve, HELD_MS));

  const other = ask(ALSO_TRUSTED);
  await eventually(async () => expect(await dryRuns()).toBe(dryRunsBefore + 2));
  const untilPricedMs = performance.now() - sentAt;
  house.gate().open();
  await Promise.all([running, waiting, other]);

  const { decisions } = await house.ops('/api/v1/decisions?team=trusted&limit=1');
  const [{ caller, estimate, overheadMs, stepMs }] = decisions;
  expect(caller.principal).toBe(TRUSTED);
  expect(estimate.bytesBilled).toBe(String(10n << 20n));
  expect(stepMs.estimate).toBeLessThan(untilPricedMs - HELD_MS);
  expect(overheadMs).toBeLessThan(stepMs.read + stepMs.estimate + stepMs.decide + HELD_MS);
});

test('a query that is priced only after a wait, and then waits again, waits no longer in all than its queue says', async () => {
  const ask = queryOfTable;
  await ask(BRIEF);
  const dryRuns = () => house.metric('guardrail_dry_run_seconds_count');
  const dryRunsBefore = (await dryRuns()) ?? 0;
  house.gate().hold();
  const running = ask(BRIEF);
  await atGate(1);
  const sentAt = performance.now();
  const waiting = refusal(BRIEF, ask).then((refused) => ({
    ...refused,
    waitedMs: performance.now() - sentAt,
  }));
  await queued('brief-at-once', 1);
  await new Promise((resolve) => setTimeout(resolve, UNPRICED_MS));

  // With this one the budget has no room for the cap of the query that waits, only for its price.
  const other = ask(ALSO_BRIEF);
  await eventually(async () => expect(await dryRuns()).toBe(dryRunsBefore + 2));
  const { message, waitedMs } = await waiting;
  house.gate().open();
  await Promise.all([running, other]);

  expect(message).toContain(`waited ${BRIEF_MS / 1000} seconds`);
  expect(waitedMs).toBeLessThan(UNPRICED_MS + BRIEF_MS);
});

test('a client that hangs up while its query waits leaves the queue, and reserves nothing', async () => {
  house.gate().hold();
  const running = query(NARROW);
  await atGate(1);
  const hungUp = sendAndGoOn(NARROW);
  await queued('narrow-at-once', 1);

  hungUp.destroy();

  await queued('narrow-at-once', null);
  expect(await reserved('narrow-at-once')).toBe('1');
  await eventually(async () => {
    const { decisions } = await house.ops('/api/v1/decisions?team=narrow&limit=1');
    expect(decisions[0]).toMatchObject({ outcome: 'failed', cause: 'client gone', settlement: null });
  });
  house.gate().open();
  await running;
  await query(NARROW);
  await eventually(async () => expect(await reserved('narrow-at-once')).toBe('0'));
});

test('two persons take turns, however many queries one of them has sent', async () => {
  const ask = (person: number, name: string) =>
    query(NARROW, `-- Metabase:: userID: ${person} queryType: native queryHash: 0a${person}\n`).then(
      () => name,
    );
  house.gate().hold();
  const order: string[] = [];
  const queries = [];
  for (const [person, name] of [
    [12, 'a1'],
    [12, 'a2'],
    [12, 'a3'],
    [12, 'a4'],
    [13, 'b1'],
  ] as const) {
    queries.push(ask(person, name).then((done) => order.push(done)));
    if (name === 'a1') await atGate(1);
    else await queued('narrow-at-once', queries.length - 1);
  }

  house.gate().open();
  await Promise.all(queries);

  expect(order).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
});

describe('a place is held until the job ends', () => {
  test('even when jobs.insert has answered long before', async () => {
    const [job] = await house.client(NONE).createQueryJob(
      `SELECT COUNT(*) AS n FROM atendimento.tickets AS a CROSS JOIN atendimento.tickets AS b
       CROSS JOIN atendimento.tickets AS c CROSS JOIN atendimento.tickets AS d WHERE a.subject < d.channel`,
    );

    const meanwhile = await refusal(NONE);
    await job.cancel();

    expect(meanwhile).toMatchObject({ code: 403, reason: 'quotaExceeded' });
    expect(meanwhile.message).toContain('1 query is already running under budget none-at-once');
    expect(meanwhile.message).toContain('none may wait');
    await eventually(async () => expect(await reserved('none-at-once')).toBe('0'), 30_000);
    await query(NONE);
  });
});

/** Sends a query whose connection can be broken off. */
function sendAndGoOn(principal: string) {
  const sent = request(`${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${principal}`, 'content-type': 'application/json' },
  });
  sent.once('error', () => undefined);
  sent.end(JSON.stringify({ query: `SELECT '${randomUUID()}' AS id`, useLegacySql: false }));
  return sent;
}

import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';
import { createProxy, type ProxyProcess } from './proxy-process.ts';

const house = useHouse({
  gated: true,
  sandbox: { messages: 1_000 },
  policies: {
    'shared.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: day, team: atendimento, window: day, limit: 10 GiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
  },
});

const BILLED = 10n << 20n;

let first: ProxyProcess;
let second: ProxyProcess;

beforeAll(async () => {
  const folder = join(house.policies(), '..');
  const shared = {
    GUARDRAIL_REUSE_PORT: 'true',
    GUARDRAIL_UPSTREAM: house.gate().url,
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: `sqlite:${join(folder, 'shared.db')}`,
    GUARDRAIL_TOKEN_INFO_URL: '',
  };
  first = await createProxy({ ...shared, GUARDRAIL_LEDGER_SPOOL: join(folder, 'first.jsonl') });
  second = await createProxy({
    ...shared,
    GUARDRAIL_LISTEN: new URL(first.url).host,
    GUARDRAIL_LEDGER_SPOOL: join(folder, 'second.jsonl'),
  });
  await Promise.all([first.start(), second.start()]);
});
afterAll(async () => {
  house.gate().open();
  await Promise.all([first?.kill(), second?.kill()]);
});

/** Sends one query on its own connection. @returns its status, and the ID of its decision */
function query(): Promise<{ readonly status: number; readonly decision: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${first.url}/bigquery/v2/projects/guardrail-demo/queries`,
      {
        method: 'POST',
        agent: new Agent({ keepAlive: false }),
        headers: { authorization: `Bearer sandbox:${ATENDIMENTO}`, 'content-type': 'application/json' },
      },
      (answer) => {
        const decision = answer.headers['x-guardrail-decision-id'];
        text(answer).then(() => resolve({ status: answer.statusCode ?? 0, decision }), reject);
      },
    );
    sent.once('error', reject);
    const sql = `SELECT COUNT(*) AS n, '${randomUUID()}' AS id FROM atendimento.tickets WHERE subject != ''`;
    sent.end(JSON.stringify({ query: sql, useLegacySql: false }));
  });
}

const queries = (count: number) => Promise.all(Array.from({ length: count }, query));

async function counted({ opsUrl }: ProxyProcess): Promise<number> {
  const exposed = await (await fetch(`${opsUrl}/metrics`)).text();
  const samples = [...exposed.matchAll(/^guardrail_queries_total\{.*decision="admitted".*\} (\d+)/gm)];
  return samples.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function spent({ opsUrl }: ProxyProcess) {
  const answer = await fetch(`${opsUrl}/api/v1/budgets`);
  const { budgets } = (await answer.json()) as { budgets: { used: string; reserved: string }[] };
  return budgets.map(({ used, reserved }) => ({ used: BigInt(used), reserved: BigInt(reserved) }));
}

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux(
  'two processes share one port, each counts the queries it answered, and both keep the same budget',
  async () => {
    const answers = await queries(40);

    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const counts = [await counted(first), await counted(second)] as const;
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts[0] + counts[1]).toBe(40);
    await eventually(async () => expect(await spent(second)).toEqual([{ used: 40n * BILLED, reserved: 0n }]));
    expect(await spent(first)).toEqual(await spent(second));
  },
);

onLinux(
  'of two processes on one port, one that stops finishes and settles its queries while the other serves new ones',
  async () => {
    const before = { first: await counted(first), used: (await spent(second))[0]?.used ?? 0n };
    house.gate().hold();
    const underWay = queries(20);
    await eventually(async () => expect(house.gate().waiting()).toHaveLength(20));
    const atFirst = (await counted(first)) - before.first;

    const stopped = first.stop();
    house.gate().open();
    const answers = await underWay;
    await stopped;
    const later = await queries(10);

    expect(atFirst).toBeGreaterThan(0);
    expect([...answers, ...later].map(({ status }) => status)).toEqual(Array(30).fill(200));
    expect(new Set(answers.map(({ decision }) => decision)).size).toBe(20);
    await eventually(async () =>
      expect(await spent(second)).toEqual([{ used: before.used + 30n * BILLED, reserved: 0n }]),
    );
  },
);

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATENDIMENTO, eventually, useHouse } from './guardrail.ts';

interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** What was sent to the webhook that answers. */
const messages: SlackMessage[] = [];
/** How often the webhook that never answers was called. */
let calls = 0;

const slack = createServer(async (request, response) => {
  messages.push((await json(request)) as SlackMessage);
  response.end('ok');
});
const hanging = createServer(() => {
  calls += 1;
});

async function start(server: Server, variable: string): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env[variable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/x`;
}

beforeAll(async () => {
  await start(slack, 'E2E_SLACK_URL');
  await start(hanging, 'E2E_HANGING_URL');
});

const house = useHouse({
  sandbox: { messages: 3_000 },
  policies: {
    'notices.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: atendimento-day, team: atendimento, window: day, limit: 40 MiB, warn_at: [50%, 100%] }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
webhooks:
  - { name: finops-slack, format: slack, url_env: E2E_SLACK_URL, language: pt-BR }
  - { name: hanging, url_env: E2E_HANGING_URL }
`,
  },
});

afterAll(() => {
  for (const server of [slack, hanging]) server.closeAllConnections();
  for (const server of [slack, hanging]) server.close();
});

let sent = 0;
const query = () => {
  sent += 1;
  return house
    .client()
    .query(`SELECT COUNT(*) AS n, ${sent} AS x FROM atendimento.tickets WHERE subject != ''`);
};

test('a budget threshold is notified once, even across a restart, and a webhook that hangs delays nothing', async () => {
  await query();
  await query();
  await eventually(async () => expect(messages).toHaveLength(1), 20_000);
  expect(messages[0]?.text).toContain('atendimento-day');
  expect(messages[0]?.text).toContain('50%');
  expect(messages[0]?.text).toContain('20 MiB de 40 MiB');

  // While the other webhook hangs.
  await eventually(async () => expect(calls).toBe(1));
  await query();
  await house.restart();
  await query();

  // All notices due are sent together: if the first were sent again, it would have arrived by now.
  await eventually(async () => expect(messages.length).toBeGreaterThan(1), 30_000);
  expect(messages).toHaveLength(2);
  expect(messages[1]?.text).toContain('40 MiB de 40 MiB');
  const { notices } = await house.ops('/api/v1/notices');
  expect(notices.map(({ notice }: { notice: { threshold: number } }) => notice.threshold)).toEqual([100, 50]);
});

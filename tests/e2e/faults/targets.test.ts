import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadAddress } from '../../little-server.ts';
import { ATENDIMENTO, eventually, useHouse } from '../guardrail.ts';
import { ask, expectCharged } from './asking.ts';

/** Accepts requests, and never answers. */
let hanging: Server;
let dead = '';
const heard = new Set<string>();

const hangingUrl = () => `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;

beforeAll(async () => {
  hanging = createServer(({ url = '' }) => heard.add(url));
  hanging.listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  dead = await deadAddress();
});
afterAll(async () => {
  hanging.closeAllConnections();
  hanging.close();
  await once(hanging, 'close');
});

const policies = {
  'targets.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: day, team: atendimento, window: day, limit: 1 GiB, warn_at: [1%] }
webhooks:
  - { name: chat, url_env: TARGETS_TEST_WEBHOOK }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
};

describe.each([
  ['hang', hangingUrl],
  ['are unreachable', () => dead],
])('a webhook, a lineage server and a trace collector that %s', (how, target) => {
  const house = useHouse({
    sandbox: { messages: 3_000 },
    policies,
    settings: () => {
      process.env['TARGETS_TEST_WEBHOOK'] = `${target()}/webhook`;
      return { lineage: `${target()}/lineage`, traces_endpoint: `${target()}/traces` };
    },
  });
  const QUERIES = 30;

  test('delay neither queries nor a stop, and keep lineage waiting for them', async () => {
    for (let i = 0; i < QUERIES; i += 1) expect((await ask(house.guardrail())).status).toBe(200);

    await expectCharged(house.guardrail(), QUERIES);
    if (how === 'hang')
      await eventually(
        async () => expect([...heard].sort()).toEqual(['/lineage', '/traces', '/webhook']),
        20_000,
      );
    else
      await eventually(async () => {
        expect(await house.metric('guardrail_lineage_events_total', { outcome: 'failed' })).toBeGreaterThan(
          0,
        );
        expect(await house.metric('guardrail_trace_spans_total', { outcome: 'failed' })).toBeGreaterThan(0);
        expect(
          await house.metric('guardrail_notice_attempts_total', { outcome: 'failed', webhook: 'chat' }),
        ).toBeGreaterThan(0);
      }, 30_000);
    expect(await house.metric('guardrail_lineage_waiting_entries')).toBeGreaterThan(0);
    expect((await ask(house.guardrail())).status).toBe(200);
    // No target ever answers: a stop that waited for one would not end within the test's time.
    await house.restart();
    expect((await ask(house.guardrail())).status).toBe(200);
    expect(await house.metric('guardrail_lineage_waiting_entries')).toBeGreaterThan(0);
  }, 120_000);
});

describe('scrapers that request metrics and never read them', () => {
  const house = useHouse({ sandbox: { messages: 3_000 }, policies });
  const sockets: Socket[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
  });

  test('delay neither queries, nor other scrapers, nor a stop', async () => {
    const { hostname, port } = new URL(house.guardrail().opsUrl);
    for (let i = 0; i < 100; i += 1) {
      const socket = connect(Number(port), hostname).pause();
      socket.on('error', () => undefined).write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20));
      sockets.push(socket);
    }

    for (let i = 0; i < 10; i += 1) expect((await ask(house.guardrail())).status).toBe(200);

    await expectCharged(house.guardrail(), 10);
    expect(await house.metric('guardrail_ledger_up')).toBe(1);
    await house.restart();
    expect((await ask(house.guardrail())).status).toBe(200);
  });
});

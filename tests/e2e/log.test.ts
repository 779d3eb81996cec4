import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { LOG_OPTIONS } from '../../src/service/log.ts';
import { littleServer } from '../little-server.ts';
import { eventually, PROJECT, post, settings, useHouse } from './guardrail.ts';

const MARK = 'recognisable';
const TOKEN = `sandbox:${MARK}-principal@atendimento.guardrail-demo.example`;

/** One rule for each way to fail on the query's own values, and a budget per person. */
const policies = {
  'log.yaml': `version: 1
teams:
  - { name: atendimento, principals: ["*@atendimento.guardrail-demo.example"] }
budgets:
  - { name: persons, team: atendimento, per: person, window: month, limit: 200 MiB, warn_at: [1%] }
webhooks:
  - { name: nowhere, url: "http://127.0.0.1:9/" }
rules:
  - { name: no-key, mode: audit, when: "{'a': 1}[caller.person] == 1", message: m }
  - { name: no-number, mode: audit, when: "int(caller.person) > 1", message: m }
  - { name: no-bool, mode: audit, when: "bool(caller.person)", message: m }
  - { name: no-message, mode: warn, when: "true", message: "{{ {'a': 'b'}[caller.person] }}" }
  - { name: no-star, mode: deny, when: "query.star", message: "no star" }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
};

const house = useHouse({ policies, sandbox: { messages: 3_000 } });

interface Line {
  readonly msg: string;
  readonly decision?: string;
}

/** A guardrail at log level trace in front of a warehouse, and what it has logged so far. */
async function loggingGuardrail(upstream: string) {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-log-'));
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const guardrail = await startGuardrail(
    settings({
      upstream,
      policies: house.policies(),
      ledger: `sqlite:${join(folder, 'ledger.db')}`,
      token_info_url: '',
    }),
    pino({ ...LOG_OPTIONS, level: 'trace' }, stream),
  );
  onTestFinished(async () => {
    await guardrail.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Line => JSON.parse(line));
  return { proxyUrl: guardrail.proxyUrl, text: () => text, lines };
}

/** The queries to send, with the mark in person and SQL; `sendAll` adds it to labels and headers. */
function queries(): readonly string[] {
  const person = `-- Metabase:: userID: ${MARK}-person queryType: native queryHash: 0a\n`;
  return [
    `${person}SELECT COUNT(*) AS n, '${MARK}-sql' AS x FROM atendimento.tickets WHERE subject != '${MARK}-sql'`,
    `${person}SELECT *, '${MARK}-sql' AS x FROM atendimento.messages`,
    `${person}SELEC '${MARK}-sql'`,
    `${person}SELECT ${MARK}_sql FROM atendimento.tickets`,
    `SELECT 1; SELECT '${MARK}-sql'; SELECT ERROR('${MARK}-sql')`,
    `SELECT ${'('.repeat(500)}'${MARK}-sql'${')'.repeat(500)}`,
  ];
}

async function sendAll(proxyUrl: string): Promise<void> {
  for (const [index, query] of queries().entries()) {
    for (const method of ['queries', 'jobs']) {
      const job = { query, useLegacySql: false };
      const labels = { dashboard: `${MARK}-dashboard` };
      const body = method === 'jobs' ? { configuration: { query: job, labels } } : { ...job, labels };
      await post(`${proxyUrl}/bigquery/v2/projects/${PROJECT}/${method}`, JSON.stringify(body), {
        authorization: `Bearer ${index === 3 ? `${MARK}-token` : TOKEN}`,
        'x-goog-api-key': `${MARK}-key`,
        cookie: `${MARK}-cookie`,
        'user-agent': `${MARK}-agent`,
      });
    }
  }
  await post(`${proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`, `{"query": "${MARK}-sql" nonsense`);
}

const isOfQueries = ({ msg }: Line) =>
  /query|rule failed|request failed|rewrites|settlement|decision/.test(msg);

test('at level trace no token, SQL, person or header of a query is logged, whatever its outcome', async () => {
  const { proxyUrl, text, lines } = await loggingGuardrail(house.sandbox().url);

  await sendAll(proxyUrl);

  await eventually(async () => {
    expect(lines().filter(({ msg }) => msg === 'query judged').length).toBeGreaterThanOrEqual(10);
    expect(
      lines().filter(({ msg }) => msg === 'a rule failed while it was evaluated').length,
    ).toBeGreaterThan(3);
  });
  expect(text()).not.toContain(MARK);
  expect(lines().filter((line) => isOfQueries(line) && typeof line.decision !== 'string')).toEqual([]);
});

test('nor is any logged when the warehouse breaks off, answers nonsense, or is unreachable', async () => {
  const broken = await littleServer((response, { body }) => {
    if (body.includes('dryRun')) response.writeHead(200).end(`no JSON: ${body}`);
    else response.destroy();
  });
  for (const upstream of [broken.url, 'http://127.0.0.1:9']) {
    const { proxyUrl, text, lines } = await loggingGuardrail(upstream);

    await sendAll(proxyUrl);

    await eventually(async () => expect(lines().length).toBeGreaterThan(5));
    expect(text()).not.toContain(MARK);
    expect(lines().filter((line) => isOfQueries(line) && typeof line.decision !== 'string')).toEqual([]);
  }
});

import { describe, expect, test } from 'vitest';
import { spendKeys } from '../../src/records/spend/spend-query.ts';
import { type ApiDocument, wrongBy } from './api-document.ts';
import { eventually, PROJECT, post, useHouse } from './guardrail.ts';

const TOKENS = {
  operator: 'token-of-ana-0123456789',
  analyst: 'token-of-rui-0123456789',
  viewer: 'token-of-bia-0123456789',
};
const PRINCIPAL = 'quiteria@guardrail-demo.example';

const POLICY = `version: 1
teams:
  - { name: dados, language: en, principals: ["*@guardrail-demo.example"] }
budgets:
  - { name: by-person, team: dados, per: person, window: day, limit: 15 MiB, warn_at: [10%], when_exceeded: { only: [told] } }
  - { name: of-all, organisation: true, window: rolling 24h, limit: 100 USD }
  - { name: at-once, team: dados, limit: 9 at once, queue: { length: 3, wait: 10 s } }
  - { name: counted, organisation: true, window: month, limit: 900 queries, when_exceeded: warn }
rules:
  - { name: told, mode: warn, when: query.statement_type == "SELECT", message: "\${caller.person} asked." }
  - { name: later, mode: deny, enforce_from: 2099-01-01, when: query.statement_type == "SELECT", message: Later. }
  - { name: rolled-out, mode: deny, rollout: 0%, when: query.statement_type == "SELECT", message: To some. }
  - { name: exempted, mode: deny, when: query.statement_type == "SELECT", message: No. }
  - { name: no-stars, mode: deny, when: query.star, message: Name columns. }
exemptions:
  - { rule: exempted, principal: "${PRINCIPAL}", owner: ana, reason: month end, until: 2099-12-31 }
catalog:
  tables:
    - { table: ${PROJECT}.atendimento.tickets, status: governed, owner: dados }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

const house = useHouse({
  sandbox: { messages: 3_000 },
  policies: { 'api.yaml': POLICY },
  settings: {
    operator_tokens: { ana: TOKENS.operator },
    analyst_tokens: { rui: TOKENS.analyst },
    viewer_tokens: { bia: TOKENS.viewer },
  },
});

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** As in the OpenAPI document; `{id}` stands for the ID. */
  readonly path: string;
  readonly id?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly as: keyof typeof TOKENS | null;
}

/** The answer to a call, and where it differs from the OpenAPI document. */
async function call({ method = 'GET', path, id = '', query = '', body, as }: Call) {
  const url = `${house.guardrail().opsUrl}/api/v1${path.replace('{id}', id)}${query}`;
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${TOKENS[as]}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  const answer: any = text === '' ? undefined : JSON.parse(text);
  const wrong = wrongBy(await served(), `${method.toLowerCase()} ${path} ${response.status}`, answer);
  return { status: response.status, answer, wrong };
}

async function served(): Promise<ApiDocument> {
  const response = await fetch(`${house.guardrail().opsUrl}/api/v1/openapi.json`, {
    headers: { authorization: `Bearer ${TOKENS.viewer}` },
  });
  return (await response.json()) as ApiDocument;
}

function query(sql: string) {
  return post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`,
    JSON.stringify({
      useLegacySql: false,
      query: `-- Metabase:: userID: clarissa queryType: native queryHash: 0a\n${sql}`,
    }),
    { authorization: `Bearer sandbox:${PRINCIPAL}` },
  );
}

const grant = (more: object = {}) => ({
  budget: 'by-person',
  account: 'metabase:clarissa',
  amount: '10 MiB',
  reason: 'month end',
  to: 'clarissa',
  until: new Date(Date.now() + 3_600_000).toISOString(),
  ...more,
});

const TICKETS = "SELECT COUNT(*) AS n FROM atendimento.tickets WHERE subject != 'x'";

test('every answer to every role matches the OpenAPI document, with refusals, grants and grant requests on record', async () => {
  expect((await query(TICKETS)).status).toBe(200);
  expect((await query('SELECT * FROM atendimento.tickets')).status).toBe(403);
  expect((await query('SELECT 1 FROM nowhere.at_all')).status).toBeGreaterThanOrEqual(400);
  await query('CREATE OR REPLACE TABLE atendimento.copied AS SELECT ticket_id FROM atendimento.tickets');

  const given = await call({ method: 'POST', path: '/grants', body: grant(), as: 'operator' });
  const ended = await call({
    method: 'DELETE',
    path: '/grants/{id}',
    id: given.answer.id,
    as: 'operator',
  });
  const requested = await Promise.all(
    [1, 2].map(() => call({ method: 'POST', path: '/grants/requests', body: grant(), as: 'viewer' })),
  );
  const answered = [
    await call({
      method: 'POST',
      path: '/grants/requests/{id}/grant',
      id: requested[0]?.answer.id,
      as: 'operator',
    }),
    await call({
      method: 'POST',
      path: '/grants/requests/{id}/decline',
      id: requested[1]?.answer.id,
      as: 'operator',
    }),
  ];
  await eventually(async () => {
    const { answer } = await call({ path: '/notices', as: 'analyst' });
    expect(answer.notices.length).toBeGreaterThan(0);
  });
  await eventually(async () => {
    const { answer } = await call({ path: '/books', as: 'analyst' });
    expect(answer.head).not.toBeNull();
  });

  const writes = [given, ended, ...requested, ...answered];
  expect(writes.map(({ status }) => status)).toEqual([201, 200, 201, 201, 201, 204]);
  expect(writes.flatMap(({ wrong }) => wrong)).toEqual([]);

  const { decisions } = (await call({ path: '/decisions', as: 'analyst' })).answer;
  expect(new Set(decisions.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
    new Set(['admitted', 'refused', 'failed']),
  );
  expect(JSON.stringify(decisions)).toMatch(/"by":"date".*"by":"roll-out".*"by":"exemption"/);
  const reads: readonly Omit<Call, 'as'>[] = [
    ...['/budgets', '/catalog', '/notices', '/books', '/policy', '/decisions', '/savings', '/openapi.json'],
    ...['/grants', '/grants/requests'],
  ].map((path) => ({ path }));
  const more: readonly Omit<Call, 'as'>[] = [
    ...decisions.map(({ id }: { id: string }) => ({ path: '/decisions/{id}', id })),
    ...spendKeys.map((key) => ({ path: '/spend', query: `?by=${key}` })),
    { path: '/savings', query: '?by=team,day' },
    { path: '/grants', query: '?all=true' },
    { path: '/grants/requests', query: '?all=true' },
  ];
  for (const read of [...reads, ...more]) {
    for (const as of ['viewer', 'analyst', 'operator'] as const) {
      const { status, wrong } = await call({ ...read, as });
      expect({ ...read, as, status, wrong }).toEqual({ ...read, as, status: 200, wrong: [] });
    }
  }
});

test('SQL withheld from viewers is null, as the OpenAPI document allows', async () => {
  const { answer, wrong } = await call({ path: '/decisions', as: 'viewer' });

  expect(wrong).toEqual([]);
  expect(answer.decisions[0]).toMatchObject({ sql: null, withheld: expect.any(String) });
});

test('paging through decisions with before lists every decision exactly once', async () => {
  await Promise.all(Array.from({ length: 20 }, (_none, i) => query(`SELECT ${i} AS n`)));
  const { decisions } = (await call({ path: '/decisions', query: '?limit=1000', as: 'viewer' })).answer;

  const paged: string[] = [];
  for (let before = ''; ; before = `&before=${paged.at(-1)}`) {
    const page = (await call({ path: '/decisions', query: `?limit=1${before}`, as: 'viewer' })).answer;
    if (page.decisions.length === 0) break;
    paged.push(page.decisions[0].id);
  }

  expect(paged).toEqual(decisions.map(({ id }: { id: string }) => id));
});

test('spend counts days in the requested time zone', async () => {
  const zoned = '?from=2026-11-01&to=2026-11-02&time_zone=America/Sao_Paulo';

  const { answer } = await call({ path: '/spend', query: zoned, as: 'viewer' });

  expect(answer).toMatchObject({ from: '2026-11-01T03:00:00.000Z', to: '2026-11-02T03:00:00.000Z' });
});

describe('an error matches the OpenAPI document', () => {
  test.each<[number, Call]>([
    [401, { path: '/budgets', as: null }],
    [403, { method: 'POST', path: '/grants', body: {}, as: 'viewer' }],
    [400, { method: 'POST', path: '/grants', body: { budget: 'by-person' }, as: 'operator' }],
    [400, { method: 'POST', path: '/grants/requests', body: {}, as: 'viewer' }],
    [400, { path: '/grants/requests', query: '?before=none', as: 'viewer' }],
    [413, { method: 'POST', path: '/grants', body: grant({ reason: 'x'.repeat(200_000) }), as: 'operator' }],
    [404, { path: '/decisions/{id}', id: 'none', as: 'viewer' }],
    [404, { method: 'DELETE', path: '/grants/{id}', id: 'none', as: 'operator' }],
    [404, { method: 'POST', path: '/grants/requests/{id}/grant', id: 'none', as: 'operator' }],
    [404, { method: 'POST', path: '/grants/requests/{id}/decline', id: 'none', as: 'operator' }],
    [400, { path: '/spend', query: '?by=table,person', as: 'viewer' }],
    [400, { path: '/savings', query: '?from=2026-11-02&to=2026-11-01', as: 'viewer' }],
    [400, { path: '/spend', query: '?from=2026-11-02&to=2026-11-01', as: 'viewer' }],
    [400, { path: '/catalog', query: '?from=2026-11-01&to=2026-11-01', as: 'viewer' }],
    [400, { path: '/decisions', query: '?before=none', as: 'viewer' }],
  ])('with status %i for %o', async (expected, request) => {
    const { status, answer, wrong } = await call(request);

    expect(status).toBe(expected);
    expect(answer.error).toMatch(/\w/);
    expect(wrong).toEqual([]);
  });
});

test('every endpoint refuses an unknown query parameter with 400, and names the ones it has', async () => {
  const { paths } = await served();
  const reads = Object.entries(paths).flatMap(([path, item]) => (item['get'] === undefined ? [] : [path]));

  for (const path of reads) {
    const { status, answer } = await call({ path, id: 'any', query: '?colour=red', as: 'analyst' });
    expect(`${status} ${path}: ${answer.error}`).toMatch(/^400 .* no (parameter )?colour/);
  }
  const { answer } = await call({ path: '/decisions', query: '?teem=dados', as: 'analyst' });

  expect(reads.length).toBeGreaterThan(10);
  expect(answer.error).toBe('there is no parameter teem; there are limit, team, before');
});

test('the OpenAPI document is served only to visitors who may read', async () => {
  const url = `${house.guardrail().opsUrl}/api/v1/openapi.json`;

  expect((await fetch(url)).status).toBe(401);
  expect((await served()).openapi).toMatch(/^3\.1\./);
});

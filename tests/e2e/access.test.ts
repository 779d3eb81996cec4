import { describe, expect, test } from 'vitest';
import { spendKeys } from '../../src/records/spend/spend-query.ts';
import { ask } from '../ops/access/ask.ts';
import { eventually, PROJECT, post, useHouse } from './guardrail.ts';

const OPERATOR = 'token-of-ana-0123456789';
const ANALYST = 'token-of-rui-0123456789';
const VIEWER = 'token-of-bia-0123456789';

/** Words that viewers must not see: one from SQL, a person as the BI tool names them, and a principal that the warehouse named. */
const SQL_WORD = 'zqxjkvw';
const PERSON = 'clarissa.zq';
const PRINCIPAL = 'quiteria.zq@guardrail-demo.example';
/** A dashboard named after its owner's address. SECRETS adds the owner of a table and a person exempted from a rule. */
const DASHBOARD = 'of-dorotea.zq@guardrail-demo.example';
const SECRETS = [SQL_WORD, 'subject', 'clarissa', 'quiteria', 'beltrano', 'dorotea', 'eufrasia', 'fabiola'];

const POLICY = `version: 1
teams:
  - { name: dados, language: en, principals: ["*@guardrail-demo.example"] }
budgets:
  - { name: by-person, team: dados, per: person, window: day, limit: 15 MiB, warn_at: [10%] }
  - { name: by-principal, team: dados, per: principal, window: day, limit: 15 MiB, warn_at: [10%] }
  - { name: of-one, principal: "${PRINCIPAL}", window: day, limit: 100 MiB, warn_at: [1%] }
rules:
  - name: told
    mode: warn
    when: query.statement_type == "SELECT"
    message: "\${caller.person} (\${caller.principal}) asked."
exemptions:
  - { rule: told, person: "metabase:fabiola.zq", owner: ana, reason: month end, until: 2099-12-31 }
catalog:
  tables:
    - { table: guardrail-demo.atendimento.tickets, status: legacy, owner: eufrasia.zq@guardrail-demo.example }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

const house = useHouse({
  sandbox: { messages: 3_000 },
  policies: { 'access.yaml': POLICY },
  settings: {
    operator_tokens: { ana: OPERATOR },
    analyst_tokens: { rui: ANALYST },
    viewer_tokens: { bia: VIEWER },
    identity_header: 'x-forwarded-email',
    trusted_proxies: '127.0.0.1',
    analysts: '*@dados.example.com',
    operators: 'ana@example.com',
  },
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const page = { accept: 'text/html,*/*;q=0.8' };

function query(sql: string) {
  return post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`,
    JSON.stringify({
      useLegacySql: false,
      query: `-- Metabase:: userID: ${PERSON} dashboardID: ${DASHBOARD} queryType: native queryHash: 0a\n${sql}`,
    }),
    { authorization: `Bearer sandbox:${PRINCIPAL}` },
  );
}

function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return ask(`${house.guardrail().opsUrl}${path}`, { headers });
}

const PAGES = ['/', '/decisions', '/budgets', '/grants', '/rules', '/tables', '/health'];

/** Every API address that the index lists, spend by every key that it can be summed by, and every page. */
async function everyAddress(decisionIds: readonly string[]): Promise<readonly string[]> {
  const index = await (await fetch(`${house.guardrail().opsUrl}/api`)).text();
  const named = [...index.matchAll(/^(\/api\/v1\/[\w/.]+)/gm)].map(([, path]) => String(path));
  const lists = named.filter((path) => !path.endsWith('/stream') && !path.endsWith('/ID'));
  return [
    ...lists,
    ...decisionIds.map((id) => `/api/v1/decisions/${id}`),
    ...spendKeys.map((key) => `/api/v1/spend?by=${key}`),
    '/api/v1/spend?by=person,principal,team,day',
    '/api/v1/grants?all=true',
    '/readyz',
    '/metrics',
    ...PAGES,
    ...decisionIds.map((id) => `/decisions/${id}`),
  ];
}

test('viewers read everything except SQL and persons, wherever these appear; analysts read them too', async () => {
  const sql = (column: string) =>
    `SELECT COUNT(*) AS n FROM atendimento.tickets WHERE ${column} != '${SQL_WORD}'`;
  expect((await query(sql('subject'))).status).toBe(200);
  expect((await query(sql('subject'))).status).toBe(403);
  expect((await query(`SELECT '${SQL_WORD}' FROM nowhere.at_all`)).status).toBeGreaterThanOrEqual(400);
  const grant = await fetch(`${house.guardrail().opsUrl}/api/v1/grants`, {
    method: 'POST',
    headers: { ...bearer(OPERATOR), 'content-type': 'application/json' },
    body: JSON.stringify({
      budget: 'by-person',
      account: `metabase:${PERSON}`,
      amount: '10 MiB',
      reason: 'for beltrano',
      to: 'beltrano',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  });
  expect(grant.status).toBe(201);
  await eventually(async () => {
    const { notices } = JSON.parse((await get('/api/v1/notices', bearer(ANALYST))).text);
    expect(notices).toHaveLength(3);
  });
  const { decisions } = JSON.parse((await get('/api/v1/decisions', bearer(ANALYST))).text);
  const addresses = await everyAddress(decisions.map(({ id }: { id: string }) => id));

  const seen = { viewer: '', analyst: '' };
  for (const address of addresses) {
    for (const [role, token] of [
      ['viewer', VIEWER],
      ['analyst', ANALYST],
    ] as const) {
      const { status, text } = await get(address, bearer(token));
      expect(`${status} ${address}`).toBe(`200 ${address}`);
      // Column names are not SQL: a viewer sees which columns of a table are read.
      const hidden = role === 'viewer' ? SECRETS.filter((secret) => secret !== 'subject') : [];
      for (const secret of hidden) expect(`${address}: ${text}`).not.toContain(secret);
      seen[role] += text;
    }
  }

  expect(addresses).toEqual(expect.arrayContaining(['/api/v1/books', '/api/v1/savings', ...PAGES]));
  for (const secret of SECRETS) expect(seen.analyst).toContain(secret);
  expect(seen.viewer).toMatch(/"person":"person-[0-9a-f]{8}"/);
  expect(seen.viewer).toContain('"sql":null,');
  expect(seen.viewer).toContain('shown to analysts and operators only');
});

test('viewers cannot find out by filtering whose address is the name of a dashboard; analysts can', async () => {
  await query('SELECT COUNT(*) AS n FROM atendimento.tickets');
  const found = async (dashboard: string, token: string) => {
    const { text } = await get(`/decisions?${new URLSearchParams({ dashboard })}`, bearer(token));
    return new Set([...text.matchAll(/href="(\/decisions\/[^"]+)"/g)].map(([, path]) => path));
  };
  const nobodys = 'of-nobody@guardrail-demo.example';

  expect(await found(DASHBOARD, VIEWER)).toEqual(await found(nobodys, VIEWER));
  expect(await found(DASHBOARD, ANALYST)).not.toEqual(await found(nobodys, ANALYST));
});

describe('a request without credentials', () => {
  test.each(['/metrics', '/healthz', '/readyz', '/sign-in'])('may read %s', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test.each(['/api/v1/budgets', '/api/v1/decisions', '/api/v1/decisions/stream', '/api/v1/nothing'])(
    'is answered 401 at %s',
    async (path) => {
      const { status, headers } = await get(path);

      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer');
    },
  );

  test('from a browser is sent to sign in, and its session reads, writes from this site alone, and signs out', async () => {
    const url = house.guardrail().opsUrl;
    const form = (body: string, headers = {}) => ({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url, ...headers },
      body,
    });
    const sent = await get('/api/v1/budgets', page);
    const next = new URL(sent.headers.location ?? '', url).searchParams.get('next');

    const signedIn = await ask(`${url}/sign-in`, form(`token=${OPERATOR}&next=${next}`));
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const revoke = (headers: Readonly<Record<string, string>>) =>
      ask(`${url}/api/v1/grants/none`, { method: 'DELETE', headers: { cookie, ...headers } });

    expect(sent.status).toBe(303);
    expect(signedIn.headers.location).toBe('/api/v1/budgets');
    expect((await get('/api/v1/budgets', { cookie })).status).toBe(200);
    expect((await revoke({ 'sec-fetch-site': 'same-origin' })).status).toBe(404);
    expect((await revoke({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await revoke({ origin: 'https://evil.example' })).status).toBe(403);
    const out = await ask(`${url}/sign-out`, form('', { cookie }));
    expect(out.headers['set-cookie']?.[0]).toMatch(/^guardrail_session=;/);

    await house.restart();
    expect((await get('/api/v1/budgets', { cookie })).status).toBe(200);
  });
});

describe('behind a proxy that names the visitor in a header', () => {
  test.each([
    ['rui@dados.example.com', 200],
    ['ana@example.com', 200],
    ['mallory@elsewhere.example', 401],
    ['ana@example.com, mallory@elsewhere.example', 401],
  ])('a request from %s is answered %i', async (address, status) => {
    expect((await get('/api/v1/decisions', { 'x-forwarded-email': address })).status).toBe(status);
  });

  test('an operator gives a grant under their address, and only from a page of this site', async () => {
    const url = `${house.guardrail().opsUrl}/api/v1/grants`;
    const body = JSON.stringify({
      budget: 'of-one',
      amount: '10 MiB',
      reason: 'month end',
      to: 'dados',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const headers = { 'x-forwarded-email': 'Ana@example.com', 'content-type': 'application/json' };

    const fromElsewhere = await ask(url, { method: 'POST', headers, body });
    const fromHere = await ask(url, {
      method: 'POST',
      headers: { ...headers, 'sec-fetch-site': 'same-origin' },
      body,
    });

    expect(fromElsewhere.status).toBe(403);
    expect(fromHere.status).toBe(201);
    expect(JSON.parse(fromHere.text)).toMatchObject({ grantedBy: 'ana@example.com' });
  });
});

describe('without any access settings, reachable only from this machine', () => {
  const open = useHouse({ sandbox: { messages: 3_000 } });
  const at = (host: string) => ask(`${open.guardrail().opsUrl}/api/v1/decisions`, { headers: { host } });

  test('anybody reads everything, SQL included', async () => {
    await open.client().query('SELECT COUNT(*) AS n FROM atendimento.tickets');

    const { decisions } = await open.ops('/api/v1/decisions');

    expect(decisions[0].sql).toContain('SELECT COUNT(*)');
  });

  test("a request under another site's host name is answered 401", async () => {
    expect((await at('localhost:8081')).status).toBe(200);
    expect((await at('evil.example:8081')).status).toBe(401);
  });
});

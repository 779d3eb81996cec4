import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { eventually, post, settings, useHouse } from '../guardrail.ts';

const house = useHouse();
const SECRET = 'recognisable-secret';
/** A token that the sandbox accepts, with a secret in its first part. */
const GOOD = `sandbox:${SECRET}@atendimento.guardrail-demo.example`;
const BAD = `ya29.${SECRET}-that-the-warehouse-knows-nothing-of`;
/** A self-signed JWT by its form; its claims are read, and must not be shown either. */
const JWT = ['{"alg":"RS256"}', `{"iss":"${SECRET}@a.example","sub":"${SECRET}@a.example"}`, SECRET]
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

const BASIC = Buffer.from(`ana:${SECRET}`).toString('base64');

let folder = '';
let logged = '';
const stream = new Writable({
  write(chunk, _encoding, done) {
    logged += String(chunk);
    done();
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-credentials-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function guardrailAt(upstream: string, ledger: string, more: Readonly<Record<string, unknown>> = {}) {
  return startGuardrail(
    settings({ upstream, policies: house.policies(), ledger: `sqlite:${join(folder, ledger)}`, ...more }),
    pino({ level: 'trace' }, stream),
  );
}

type Ask = (origin: string, authorization: string) => Promise<unknown>;

function query(sql: string, headers: Readonly<Record<string, string>> = {}, search = ''): Ask {
  return (origin, authorization) =>
    post(
      `${origin}/bigquery/v2/projects/guardrail-demo/queries${search}`,
      JSON.stringify({ query: sql, useLegacySql: false }),
      { authorization, ...headers },
    );
}

function request(path: string, init: RequestInit): Ask {
  return async (origin, authorization) =>
    (await fetch(origin + path, { ...init, headers: { authorization, ...init.headers } })).text();
}

/** Requests that are good, refused, failing and malformed. */
const REQUESTS: readonly Ask[] = [
  query('SELECT COUNT(*) AS n FROM atendimento.tickets'),
  query('-- Metabase:: userID: 1 queryHash: 0a1b\nSELECT COUNT(*) AS n FROM atendimento.tickets'),
  query('SELECT * FROM atendimento.messages'),
  query('SELECT nope FROM atendimento.tickets'),
  query('SELECT 1', { 'x-goog-api-key': SECRET }),
  query('SELECT 1', {}, `?access_token=${SECRET}`),
  query('SELECT 1', {}, `?key=${SECRET}`),
  query('SELECT 1', { cookie: `session=${SECRET}` }),
  request('/bigquery/v2/projects/guardrail-demo/queries', { method: 'POST', body: 'no JSON' }),
  request('/bigquery/v2/projects/guardrail-demo/jobs', {
    method: 'POST',
    body: JSON.stringify({
      configuration: { query: { query: 'SELECT 2', useLegacySql: false }, labels: { dashboard: 'fila' } },
    }),
  }),
  request('/bigquery/v2/projects/guardrail-demo/jobs', {
    method: 'POST',
    body: JSON.stringify({ configuration: { load: { sourceUris: ['gs://a/b'] } } }),
  }),
  request('/bigquery/v2/projects/guardrail-demo/datasets', { method: 'GET' }),
  request(`/bigquery/v2/projects/guardrail-demo/datasets?access_token=${SECRET}`, { method: 'GET' }),
  request('/batch/bigquery/v2', { method: 'POST', body: 'no batch' }),
  request('/nowhere', { method: 'DELETE' }),
];

/** Everything that a guardrail stores or shows. */
async function traces(opsUrl: string): Promise<Readonly<Record<string, string>>> {
  const shown = ['/metrics', '/api/v1/decisions?limit=1000', '/api/v1/spend?by=person', '/api/v1/budgets'];
  const texts: [string, string][] = [['log', logged]];
  for (const path of shown) texts.push([path, await (await fetch(opsUrl + path)).text()]);
  for (const file of await readdir(folder)) texts.push([file, await readFile(join(folder, file), 'latin1')]);
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  texts.push(['labels', JSON.stringify(jobs.map((job) => job.metadata.configuration.labels))]);
  return Object.fromEntries(texts);
}

async function decisionsOf(
  opsUrl: string,
): Promise<readonly { readonly outcome: string; readonly settlement: unknown }[]> {
  const { decisions } = JSON.parse(await (await fetch(`${opsUrl}/api/v1/decisions?limit=1000`)).text());
  return decisions;
}

/** The sandbox's tokens are a principal's e-mail with a prefix; the e-mail itself is not secret. */
const TOKENS = [GOOD, BAD, JWT, JWT.split('.')[2] ?? '', BASIC, 'Bearer '];

test('a credential is neither logged, nor stored, nor put on a job, whatever the outcome of its request', async () => {
  const upstream = house.sandbox().url;
  const guardrail = await guardrailAt(upstream, 'answering.db', {
    token_info_url: `${upstream}/oauth2/tokeninfo`,
  });
  const unreachable = await guardrailAt('http://127.0.0.1:9', 'unreachable.db', {
    token_info_url: 'http://127.0.0.1:9/tokeninfo',
  });

  for (const ask of REQUESTS) {
    for (const token of [GOOD, BAD, JWT]) {
      await ask(guardrail.proxyUrl, `Bearer ${token}`);
      await ask(unreachable.proxyUrl, `Bearer ${token}`);
    }
    await ask(guardrail.proxyUrl, `Basic ${BASIC}`);
  }
  await eventually(async () => {
    const decisions = await decisionsOf(guardrail.opsUrl);
    const admitted = decisions.filter(({ outcome }) => outcome === 'admitted');
    expect(admitted.length).toBeGreaterThan(0);
    expect(admitted.map(({ settlement }) => settlement)).not.toContain(null);
  });
  const kept = { ...(await traces(guardrail.opsUrl)), ...(await traces(unreachable.opsUrl)) };
  await guardrail.close();
  await unreachable.close();
  const closed = await readdir(folder);
  for (const file of closed) kept[`${file}, closed`] = await readFile(join(folder, file), 'latin1');
  kept['log, closed'] = logged;

  expect(Object.keys(kept)).toEqual(expect.arrayContaining(['answering.db', 'answering.db-wal', 'labels']));
  expect(logged).not.toBe('');
  for (const [where, text] of Object.entries(kept)) {
    for (const token of TOKENS) expect(text.includes(token), `${where}: ${token}`).toBe(false);
    // Nor secrets sent in another way: a key, a cookie, a parameter. Only the confirmed e-mail may be shown.
    const others = text.replaceAll(`${SECRET}@atendimento.guardrail-demo.example`, '');
    expect(others.includes(SECRET), where).toBe(false);
  }
});

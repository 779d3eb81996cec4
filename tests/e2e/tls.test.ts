import { copyFile, readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../src/service/guardrail.ts';
import { type Authority, createAuthority, type Issued } from '../transport/authority.ts';
import { guardrail } from './command-line.ts';
import { clientAt, eventually, FINOPS, settings, useHouse } from './guardrail.ts';
import { askOverTls, type Connecting, handshake } from './tls-client.ts';

let authority: Authority;
let stranger: Authority;
let ops: Issued;
let client: Issued;

/** Files are checked every two seconds, and must be the same twice before they are loaded. */
const PATIENCE_MS = 30_000;

const OPERATOR = 'token-of-the-operator-0123';

beforeAll(async () => {
  authority = await createAuthority();
  stranger = await createAuthority();
  await authority.issue('proxy');
  ops = await authority.issue('ops');
  client = await authority.issue('client');
});
afterAll(async () => {
  await authority.remove();
  await stranger.remove();
});

const house = useHouse({
  sandbox: { messages: 3_000 },
  settings: () => ({
    tls_certificate: join(authority.folder, 'proxy.crt'),
    tls_key: join(authority.folder, 'proxy.key'),
    ops_tls_certificate: ops.certificate,
    ops_tls_key: ops.key,
    ops_tls_client_ca: authority.certificate,
    operator_tokens: `ana=${OPERATOR}`,
  }),
});

const ask = (url: string, connecting: Partial<Connecting> = {}) =>
  askOverTls(url, { believes: authority, ...connecting });

/** The error of a client whose certificate is not accepted: a TLS alert, or a closed connection. */
const REFUSED = /certificate required|ECONNRESET|hang up|disconnected/;

const metrics = async () => (await ask(`${house.guardrail().opsUrl}/metrics`, { shows: client })).text;

describe('the proxy over TLS', () => {
  test("serves Google's own client, which verifies its certificate", async () => {
    const { proxyUrl } = house.guardrail();
    const query = [
      'query',
      'SELECT COUNT(*) AS n FROM atendimento.agents',
      '--endpoint',
      proxyUrl,
      '--token',
      `sandbox:${FINOPS}`,
    ];

    const believing = await guardrail(query, { NODE_EXTRA_CA_CERTS: authority.certificate });

    expect(proxyUrl).toMatch(/^https:/);
    expect(believing).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"n":\d+\}\n$/) });
    await expect(ask(proxyUrl, { believes: stranger })).rejects.toThrow('unable to verify');
  });

  test('answers each part of a batch', async () => {
    const part = 'GET /bigquery/v2/projects/guardrail-demo/datasets HTTP/1.1\r\n\r\n';

    const answer = await ask(`${house.guardrail().proxyUrl}/batch/bigquery/v2`, {
      headers: { 'content-type': 'multipart/mixed; boundary=cut', authorization: `Bearer sandbox:${FINOPS}` },
      body: `--cut\r\nContent-Type: application/http\r\n\r\n${part}\r\n--cut--\r\n`,
    });

    expect(answer.status).toBe(200);
    expect(answer.text).toContain('bigquery#datasetList');
  });

  test('accepts TLS 1.2 and 1.3 with HTTP/1.1, and no older TLS', async () => {
    const { proxyUrl } = house.guardrail();

    expect(await handshake(proxyUrl, 'TLSv1.2')).toBe('TLSv1.2 http/1.1');
    expect(await handshake(proxyUrl, 'TLSv1.3')).toBe('TLSv1.3 http/1.1');
    expect(await handshake(proxyUrl, 'TLSv1.1')).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
  });

  test('presents a renewed certificate to new connections, and keeps open ones', async () => {
    const { proxyUrl } = house.guardrail();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const before = await ask(`${proxyUrl}/bigquery/v2/projects/guardrail-demo/datasets`, { agent });
    const expiryBefore = expiryIn(await metrics(), 'proxy');

    const renewed = await authority.issue('renewed', 9);
    await copyFile(renewed.certificate, join(authority.folder, 'proxy.crt'));
    await copyFile(renewed.key, join(authority.folder, 'proxy.key'));

    await eventually(async () => expect((await ask(proxyUrl)).serial).not.toBe(before.serial), PATIENCE_MS);
    expect(await ask(`${proxyUrl}/bigquery/v2/projects/guardrail-demo/datasets`, { agent })).toMatchObject({
      status: before.status,
      serial: before.serial,
    });
    expect(expiryIn(await metrics(), 'proxy') - expiryBefore).toBeGreaterThan(6 * 86_400);
  });

  test('rejects a bad new certificate, keeps the previous one, and reports it in a metric until it is fixed', async () => {
    const { proxyUrl } = house.guardrail();
    const { serial } = await ask(proxyUrl);
    const rejected = 'guardrail_tls_certificate_rejected{listener="proxy"}';
    expect(await metrics()).toContain(`${rejected} 0`);

    await copyFile(client.key, join(authority.folder, 'proxy.key'));
    await eventually(async () => expect(await metrics()).toContain(`${rejected} 1`), PATIENCE_MS);
    expect((await ask(proxyUrl)).serial).toBe(serial);

    await copyFile(client.certificate, join(authority.folder, 'proxy.crt'));
    await eventually(async () => expect(await metrics()).toContain(`${rejected} 0`), PATIENCE_MS);
    expect((await ask(proxyUrl)).serial).not.toBe(serial);
  });
});

describe("the operators' port, when client certificates are required", () => {
  test('answers a client with a certificate at every path', async () => {
    const { opsUrl } = house.guardrail();

    for (const path of ['/readyz', '/healthz', '/metrics'])
      expect(await ask(`${opsUrl}${path}`, { shows: client })).toMatchObject({ status: 200 });
  });

  test('refuses and counts a client without a certificate, even when it offers to resume a session', async () => {
    const { opsUrl } = house.guardrail();
    const agent = new Agent({ maxCachedSessions: 10 });
    const refused = /guardrail_tls_refused_connections_total\{listener="ops"\} (\d+)/;
    const before = Number(refused.exec(await metrics())?.[1] ?? 0);

    for (const _ of ['first', 'second'])
      await expect(ask(`${opsUrl}/healthz`, { agent })).rejects.toThrow(REFUSED);

    expect(Number(refused.exec(await metrics())?.[1])).toBe(before + 2);
  });

  test('refuses and counts a client whose certificate another authority signed', async () => {
    const { opsUrl } = house.guardrail();
    const wrong = await stranger.issue('client');
    const refused = /guardrail_tls_refused_connections_total\{listener="ops"\} (\d+)/;
    const before = Number(refused.exec(await metrics())?.[1] ?? 0);

    for (const path of ['/healthz', '/metrics', '/api/v1/decisions'])
      await expect(ask(`${opsUrl}${path}`, { shows: wrong })).rejects.toThrow(REFUSED);

    expect(Number(refused.exec(await metrics())?.[1])).toBe(before + 3);
  });

  test('does not count a client that only completes the handshake', async () => {
    const { opsUrl } = house.guardrail();
    const before = (await metrics()).match(
      /guardrail_tls_refused_connections_total\{listener="ops"\} .*/,
    )?.[0];

    await handshake(opsUrl, 'TLSv1.3');
    expect((await metrics()).match(/guardrail_tls_refused_connections_total\{listener="ops"\} .*/)?.[0]).toBe(
      before,
    );
  });

  test('marks the session cookie of the console as Secure, and serves its pages', async () => {
    const { opsUrl } = house.guardrail();
    const origin = new URL(opsUrl).origin;

    const signedIn = await ask(`${opsUrl}/sign-in`, {
      shows: client,
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: `token=${OPERATOR}`,
    });
    const page = await ask(`${opsUrl}/`, {
      shows: client,
      headers: { cookie: signedIn.cookie.split(';')[0] ?? '' },
    });

    expect(signedIn).toMatchObject({ status: 303, cookie: expect.stringContaining('; Secure') });
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<html') });
  });
});

describe('at the start', () => {
  const starting = (values: Readonly<Record<string, unknown>>) =>
    startGuardrail(
      settings({
        upstream: house.sandbox().url,
        policies: house.policies(),
        ledger: 'sqlite::memory:',
        ledger_spool: join(authority.folder, 'spool.jsonl'),
        token_info_url: '',
        ...values,
      }),
      pino({ level: 'silent' }),
    );

  test('a key that does not match the certificate keeps guardrail from starting, and its setting is named', async () => {
    const started = starting({ tls_certificate: ops.certificate, tls_key: client.key });

    await expect(started).rejects.toThrow(
      `tls_key: ${client.key} is not the key of the first certificate in ${ops.certificate}`,
    );
  });

  test("the proxy can require client certificates too, and Google's own client can present one", async () => {
    const own = await starting({
      tls_certificate: ops.certificate,
      tls_key: ops.key,
      tls_client_ca: authority.certificate,
    });
    onTestFinished(() => own.close());
    const believed = { ca: await readFile(authority.certificate) };
    const shown = { cert: await readFile(client.certificate), key: await readFile(client.key) };
    const google = clientAt(own.proxyUrl, FINOPS);
    google.interceptors.push({
      request: (options) => Object.assign(options as { uri: string }, { pool: { ...believed, ...shown } }),
    });

    const [rows] = await google.query('SELECT COUNT(*) AS n FROM atendimento.agents');

    expect(rows).toHaveLength(1);
    await expect(ask(own.proxyUrl)).rejects.toThrow(REFUSED);
  });
});

function expiryIn(exposed: string, listener: string): number {
  const sample = new RegExp(
    `guardrail_tls_certificate_expiry_timestamp_seconds\\{listener="${listener}"\\} (.+)`,
  );
  return Number(sample.exec(exposed)?.[1]);
}

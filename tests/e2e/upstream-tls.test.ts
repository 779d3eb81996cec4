import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Authority, createAuthority } from '../transport/authority.ts';
import { clientAt, FINOPS, useHouse } from './guardrail.ts';
import { createProxy } from './proxy-process.ts';

let authority: Authority;
let stranger: Authority;
let server: Server;

const house = useHouse({ sandbox: { messages: 1_000 } });

beforeAll(async () => {
  authority = await createAuthority();
  stranger = await createAuthority();
  server = await tlsBefore(house.sandbox().port, authority);
});
afterAll(async () => {
  server?.close();
  await authority?.remove();
  await stranger?.remove();
});

/** Terminates TLS in front of a port of this machine. */
async function tlsBefore(port: number, { issue }: Authority): Promise<Server> {
  const issued = await issue('warehouse');
  const [cert, key] = [await readFile(issued.certificate), await readFile(issued.key)];
  const before = createServer({ cert, key }, (socket) => {
    const behind = connect(port, '127.0.0.1');
    socket.on('error', () => behind.destroy()).pipe(behind);
    behind.on('error', () => socket.destroy()).pipe(socket);
  });
  before.listen(0, '127.0.0.1');
  await once(before, 'listening');
  return before;
}

/** A guardrail in its own process, in front of the warehouse behind TLS. */
async function guarding(believed: Authority) {
  const own = await createProxy({
    NODE_EXTRA_CA_CERTS: believed.certificate,
    GUARDRAIL_UPSTREAM: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: `sqlite:${join(believed.folder, 'ledger.db')}`,
    GUARDRAIL_LEDGER_SPOOL: join(believed.folder, 'spool.jsonl'),
    GUARDRAIL_TOKEN_INFO_URL: '',
    GUARDRAIL_LOG_LEVEL: 'silent',
  });
  onTestFinished(() => own.kill());
  await own.start();
  return own;
}

async function decisions(opsUrl: string) {
  const answer = await fetch(`${opsUrl}/api/v1/decisions`);
  return ((await answer.json()) as { decisions: { outcome: string }[] }).decisions;
}

test('a warehouse whose certificate a trusted private authority signed is used: queries are priced and run', async () => {
  const { url, opsUrl } = await guarding(authority);

  const [rows] = await clientAt(url, FINOPS).query('SELECT COUNT(*) AS n FROM atendimento.agents');

  expect(rows).toHaveLength(1);
  expect(await decisions(opsUrl)).toMatchObject([{ outcome: 'admitted' }]);
});

test('a warehouse whose certificate is not trusted runs no query, and the client is answered 503', async () => {
  const { url, opsUrl } = await guarding(stranger);

  const answer = await fetch(`${url}/bigquery/v2/projects/guardrail-demo/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${FINOPS}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'SELECT 1', useLegacySql: false }),
  });

  expect(answer.status).toBe(503);
  expect((await decisions(opsUrl)).filter(({ outcome }) => outcome === 'admitted')).toEqual([]);
});

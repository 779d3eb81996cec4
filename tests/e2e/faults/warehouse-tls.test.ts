import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startGuardrail } from '../../../src/service/guardrail.ts';
import { type Authority, createAuthority } from '../../transport/authority.ts';
import { eventually, settings } from '../guardrail.ts';
import { createProxy } from '../proxy-process.ts';
import { anySql, ask, BILLED, standing } from './asking.ts';
import { type FaultyWarehouse, startFaultyWarehouse } from './faulty-warehouse.ts';
import { readableLog } from './log-lines.ts';

/** How the TLS front of the warehouse answers: with a certificate, or in plain text. */
type Manner = 'trusted' | 'untrusted' | 'expired' | 'plain text';

let manner: Manner = 'trusted';
let warehouse: FaultyWarehouse;
let door: Server;
const authorities: Authority[] = [];
const sockets = new Set<Socket>();
const { lines, log } = readableLog();

beforeAll(async () => {
  const [own, stranger] = [await createAuthority(), await createAuthority()];
  authorities.push(own, stranger);
  setDefaultCACertificates([await readFile(own.certificate, 'utf8')]);
  warehouse = await startFaultyWarehouse();
  door = await openDoor(warehouse.port, {
    trusted: await contextOf(own, 2),
    untrusted: await contextOf(stranger, 2),
    expired: await contextOf(own, -1),
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  door?.close();
  await warehouse?.close();
  for (const authority of authorities) await authority.remove();
});
beforeEach(() => {
  lines.length = 0;
  meetAt('trusted');
});

async function contextOf({ issue }: Authority, days: number) {
  const { certificate, key } = await issue(`warehouse${days}`, days);
  return createSecureContext({ cert: await readFile(certificate), key: await readFile(key) });
}

type Contexts = Readonly<Record<Exclude<Manner, 'plain text'>, ReturnType<typeof createSecureContext>>>;

/** Terminates TLS in the current manner, in front of the warehouse. */
async function openDoor(port: number, contexts: Contexts): Promise<Server> {
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => undefined));
    const plain =
      manner === 'plain text'
        ? socket
        : new TLSSocket(socket, { isServer: true, secureContext: contexts[manner] });
    const behind = connect(port, '127.0.0.1').on('error', () => plain.destroy());
    plain.on('error', () => behind.destroy()).pipe(behind);
    behind.pipe(plain);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** From now on the warehouse answers in this manner, over new connections. */
function meetAt(next: Manner): void {
  manner = next;
  for (const socket of sockets) socket.destroy();
}

async function guardrailTo(host: '127.0.0.1' | 'localhost') {
  const [own] = authorities;
  const guardrail = await startGuardrail(
    settings({
      upstream: `https://${host}:${(door.address() as AddressInfo).port}`,
      ledger: `sqlite:${join(own?.folder ?? '', `${crypto.randomUUID()}.db`)}`,
      token_info_url: '',
    }),
    log,
  );
  onTestFinished(() => guardrail.close());
  return guardrail;
}

const day = (guardrail: Awaited<ReturnType<typeof guardrailTo>>) => standing(guardrail, 'atendimento-day');

test.each([
  ['that is not trusted', 'untrusted', '127.0.0.1', /UNABLE_TO_VERIFY|SELF_SIGNED/],
  ['that has expired', 'expired', '127.0.0.1', /CERT_HAS_EXPIRED/],
  ['of another host', 'trusted', 'localhost', /ERR_TLS_CERT_ALTNAME_INVALID/],
  ['missing, since it speaks plain text', 'plain text', '127.0.0.1', /EPROTO|WRONG_VERSION|ERR_SSL/],
] as const)(
  'a warehouse with a certificate %s gets no request, and the log says why',
  async (_what, next, host, code) => {
    const guardrail = await guardrailTo(host);
    const { dryRuns } = warehouse.received;
    meetAt(next);

    const { status, body } = await ask(guardrail);

    expect(status).toBe(503);
    expect(body.error.message).toMatch(/^The warehouse could not be reached for the dry run/);
    expect(warehouse.received.dryRuns).toBe(dryRuns);
    expect(await day(guardrail)).toEqual({ used: 0n, reserved: 0n });
    expect(lines).toMatchObject([{ msg: 'a query could not be priced', code: expect.stringMatching(code) }]);
  },
);

test.each(['untrusted', 'expired', 'plain text'] as const)(
  'a priced query that meets a certificate that became %s is never sent, its reservation is released, and the next runs once it is good',
  async (next) => {
    const guardrail = await guardrailTo('127.0.0.1');
    const sql = anySql();
    expect((await ask(guardrail, sql)).status).toBe(200);
    await eventually(async () => expect(await day(guardrail)).toEqual({ used: BILLED, reserved: 0n }));
    const { queries } = warehouse.received;
    meetAt(next);

    const { status, body } = await ask(guardrail, sql);

    expect(status).toBe(503);
    expect(body.error.message).toBe('The warehouse could not be reached. Try again.');
    expect(warehouse.received.queries).toBe(queries);
    expect(lines).toMatchObject([{ msg: 'the warehouse failed at a query', neverSent: true }]);
    await eventually(async () => expect(await day(guardrail)).toEqual({ used: BILLED, reserved: 0n }));
    meetAt('trusted');
    expect((await ask(guardrail)).status).toBe(200);
  },
);

test('a process that is started with NODE_EXTRA_CA_CERTS trusts that authority for dry runs and queries', async () => {
  const [own] = authorities;
  const folder = own?.folder ?? '';
  const proxy = await createProxy({
    NODE_EXTRA_CA_CERTS: own?.certificate ?? '',
    GUARDRAIL_UPSTREAM: `https://127.0.0.1:${(door.address() as AddressInfo).port}`,
    GUARDRAIL_LEDGER: `sqlite:${join(folder, 'of-a-process.db')}`,
    GUARDRAIL_LEDGER_SPOOL: join(folder, 'of-a-process.jsonl'),
    GUARDRAIL_TOKEN_INFO_URL: '',
  });
  onTestFinished(() => proxy.stop());
  await proxy.start();

  expect((await ask({ proxyUrl: proxy.url })).status).toBe(200);
});

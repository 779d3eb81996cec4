import { once } from 'node:events';
import { type ClientRequest, request, type Server } from 'node:http';
import { type RequestOptions, request as requestOverTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { overTls, plainHttp } from '../../src/transport/transport.ts';
import { watchCertificate } from '../../src/transport/watch-certificate.ts';
import { createAuthority } from './authority.ts';

/** What a server says of how long it keeps an idle connection. */
async function keepAliveOf(
  server: Server,
  ask: (options: RequestOptions) => ClientRequest,
): Promise<unknown> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = ask({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    headers: { connection: 'keep-alive' },
  });
  asked.end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  server.close();
  server.closeAllConnections();
  return answer.headers['keep-alive'];
}

const LONGER_THAN_LOAD_BALANCERS = 'timeout=620';

test('a plain listener keeps idle connections for longer than load balancers use them', async () => {
  const server = plainHttp((_request, response) => response.end());

  expect(await keepAliveOf(server, request)).toBe(LONGER_THAN_LOAD_BALANCERS);
});

test('a TLS listener keeps idle connections for longer than load balancers use them', async () => {
  const authority = await createAuthority();
  onTestFinished(() => authority.remove());
  const issued = await authority.issue('own');
  const ignored = { onRenewed: () => undefined, onRejected: () => undefined, onError: () => undefined };
  const watch = await watchCertificate('ops', { ...issued, clientCa: null }, ignored);
  onTestFinished(() => watch.close());
  const server = overTls(watch, () => undefined)((_request, response) => response.end());

  expect(await keepAliveOf(server, requestOverTls)).toBe(LONGER_THAN_LOAD_BALANCERS);
});

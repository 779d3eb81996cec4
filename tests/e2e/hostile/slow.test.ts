import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { littleServer, sendJson } from '../../little-server.ts';
import { ATENDIMENTO, PROJECT, post, useHouse } from '../guardrail.ts';
import { guardrailBefore, JOBS, QUERIES } from '../scripted-warehouse.ts';

const LIMITS = { head_timeout: 0.4, body_timeout: 0.4 };
const house = useHouse({ sandbox: { messages: 3_000 }, settings: { ...LIMITS, max_connections: 20 } });
const good = JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false });
const queries = (proxyUrl: string) => `${proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`;

/** Sends a byte now and then until the connection closes. @returns everything received */
async function drip(proxyUrl: string, head: string): Promise<string> {
  const { hostname, port } = new URL(proxyUrl);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(head);
  const dripping = setInterval(() => socket.writable && socket.write('x'), 50);
  // An error is not a failure here: some connections are cut that way.
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return heard;
}

const head = (path: string, more = '') =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sandbox:${ATENDIMENTO}\r\n${more}`;
const HERE = `/bigquery/v2/projects/${PROJECT}`;

test('a request head that does not end is cut off with 408', async () => {
  expect(await drip(house.guardrail().proxyUrl, head(`${HERE}/queries`, 'x-slow: '))).toMatch(
    /^HTTP\/1\.1 408 /,
  );
});

test.each([
  ['a query', `${HERE}/queries`, 'content-type: application/json\r\ncontent-length: 100000\r\n\r\n{'],
  [
    'an upload',
    `/upload${HERE}/jobs?uploadType=multipart`,
    'content-type: multipart/related; boundary=b\r\ncontent-length: 100000\r\n\r\n--b',
  ],
  [
    'a batch',
    '/batch/bigquery/v2',
    'content-type: multipart/mixed; boundary=b\r\ncontent-length: 100000\r\n\r\n--b',
  ],
])('the body of %s that does not end is cut off with 408, naming the setting', async (_what, path, more) => {
  const heard = await drip(house.guardrail().proxyUrl, head(path, more));

  expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  expect(heard).toContain('body_timeout');
  expect((await post(queries(house.guardrail().proxyUrl), good)).status).toBe(200);
});

test('an answer may take longer than head_timeout and body_timeout', async () => {
  const upstream = await littleServer((response, { url }) => {
    void sleep(url.startsWith(QUERIES) || url.startsWith(JOBS) ? 10 : 1_000).then(() =>
      sendJson(response, 200, { kind: 'bigquery#datasetList' }),
    );
  });
  const { guardrail } = await guardrailBefore(upstream, LIMITS);

  const answer = await fetch(`${guardrail.proxyUrl}/bigquery/v2/projects/p/datasets`);

  expect(answer.status).toBe(200);
});

test('connections beyond max_connections are closed, and those that end make room', async () => {
  const { hostname, port } = new URL(house.guardrail().proxyUrl);
  const sockets = Array.from({ length: 60 }, () =>
    connect(Number(port), hostname).on('error', () => undefined),
  );
  const closed = new Set<unknown>();
  for (const socket of sockets) socket.once('close', () => closed.add(socket));
  await expect.poll(() => closed.size, { timeout: 20_000 }).toBeGreaterThanOrEqual(40);

  for (const socket of sockets) socket.destroy();

  await expect
    .poll(
      () =>
        post(queries(house.guardrail().proxyUrl), good).then(
          ({ status }) => status,
          () => 0,
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe(200);
});

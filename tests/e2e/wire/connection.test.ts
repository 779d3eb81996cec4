import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { hideJob, useDifferential } from './differential.ts';
import { AUTHORIZATION, exchange, talk, textOf } from './exchange.ts';
import { HERE, query } from './requests.ts';

const house = useHouse({ sandbox: { messages: 3000 } });
const { same } = useDifferential('connections', () => ({
  direct: house.sandbox().url,
  guarded: house.guardrail().proxyUrl,
}));
const number = (n: number) => query({ query: `SELECT ${n} AS n` });

test('one connection serves hundreds of requests of every kind', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();

  for (let n = 0; n < 60; n += 1) {
    for (const spec of [
      { method: 'GET', target: `${HERE}/datasets` },
      number(n),
      { method: 'GET', target: `${HERE}/datasets/nowhere` },
      { method: 'OPTIONS', target: `${HERE}/datasets/atendimento` },
      { method: 'DELETE', target: `${HERE}/datasets/atendimento` },
    ]) {
      const { guarded } = await same({ ...spec, agent }, hideJob);
      ports.add(guarded.localPort);
    }
  }

  expect(ports.size).toBe(1);
  agent.destroy();
});

test('many connections at the same time each get their own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => exchange(house.guardrail().proxyUrl, number(n))),
  );

  expect(answers.map((one) => JSON.parse(textOf(one)).rows[0].f[0].v)).toEqual(
    Array.from({ length: 60 }, (_, n) => String(n)),
  );
});

test('pipelined requests are answered in order', async () => {
  const one = (path: string, last = false) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
  const paths = ['finops', 'nowhere', 'atendimento', 'finops'];

  const text = await talk(
    house.guardrail().proxyUrl,
    paths.map((path, index) => one(`${HERE}/datasets/${path}`, index === paths.length - 1)).join(''),
  );

  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 404',
    'HTTP/1.1 200',
    'HTTP/1.1 200',
  ]);
  const named = text.match(/"id": "[^"]+"|Not found/g) ?? [];
  expect(named.filter((name, index) => name !== named[index - 1])).toEqual([
    '"id": "guardrail-demo:finops"',
    'Not found',
    '"id": "guardrail-demo:atendimento"',
    '"id": "guardrail-demo:finops"',
  ]);
});

test('an HTTP/1.0 client gets the same bytes, ended by closing the connection', async () => {
  const get = (origin: string) =>
    talk(
      origin,
      `GET ${HERE}/datasets/atendimento HTTP/1.0\r\nAuthorization: ${AUTHORIZATION}\r\nHost: ${new URL(house.sandbox().url).host}\r\n\r\n`,
    );
  const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n'));

  const guarded = await get(house.guardrail().proxyUrl);

  expect(guarded).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(guarded).not.toMatch(/transfer-encoding/i);
  expect(bodyOf(guarded)).toBe(bodyOf(await get(house.sandbox().url)));
  expect(bodyOf(guarded)).toContain('bigquery#dataset');
});

test('a request head that arrives byte by byte is answered like any other', async () => {
  const head = `GET ${HERE}/datasets HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${AUTHORIZATION}\r\n\r\n`;

  const text = await talk(house.guardrail().proxyUrl, ...head);

  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

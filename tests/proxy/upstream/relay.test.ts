import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { relay } from '../../../src/proxy/upstream/relay.ts';
import { littleServer } from '../../little-server.ts';

/** What became of an answer that was relayed. */
interface Relayed {
  readonly head: IncomingMessage;
  /** Listeners on the answer to the client just before it was over. */
  readonly listeners: number;
}

/** A proxy in front of a warehouse, and what becomes of the first answer that it relays. */
async function relaying(warehouse: (response: ServerResponse) => void, delay = Promise.resolve()) {
  const { url } = await littleServer(warehouse);
  const relayed = Promise.withResolvers<Relayed>();
  const server = createServer((_request, response) => {
    get(url, async (head) => {
      await delay;
      const ended = relay({ head, body: head }, response, { 'x-added': 'yes' });
      const listeners = response.eventNames().reduce((sum, name) => sum + response.listenerCount(name), 0);
      await ended;
      relayed.resolve({ head, listeners });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, relayed: relayed.promise };
}

function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).once('error', reject);
  });
}

test('an answer reaches the client whole, with the guard’s headers, and costs few listeners', async () => {
  const { url, relayed } = await relaying((response) => response.end('rows'));

  const answer = await ask(url);
  const body = await buffer(answer);

  expect({ body: String(body), added: answer.headers['x-added'] }).toEqual({ body: 'rows', added: 'yes' });
  expect((await relayed).listeners).toBeLessThan(12);
});

test('an answer that breaks off at the warehouse breaks off at the client', async () => {
  const { url, relayed } = await relaying((response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });

  const answer = await ask(url);

  await expect(buffer(answer)).rejects.toThrow('aborted');
  await relayed;
});

test('an answer is given up once its client has gone', async () => {
  const { url, relayed } = await relaying((response) => void response.write('half'));

  const answer = await ask(url);
  answer.destroy();

  expect((await relayed).head.destroyed).toBe(true);
});

test('an answer that comes after its client has gone is given up at once', async () => {
  const gone = Promise.withResolvers<void>();
  const { url, relayed } = await relaying((response) => void response.write('half'), gone.promise);
  const asked = get(url);
  asked.once('error', () => setTimeout(gone.resolve, 50));

  setTimeout(() => asked.destroy(), 50);

  expect((await relayed).head.destroyed).toBe(true);
});

import { randomBytes } from 'node:crypto';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freeOnceParsed, freeOnceSent } from '../../../src/proxy/upstream/chunk-memory.ts';
import { littleServer } from '../../estimate/little-server.ts';

const BODY = randomBytes(4 * 1024 * 1024);

async function answerOf(send: (response: ServerResponse) => void, agent?: Agent): Promise<IncomingMessage> {
  const server = await littleServer(send);
  return ask(server.url, agent);
}

function ask(url: string, agent?: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, agent === undefined ? {} : { agent }, resolve).once('error', reject);
  });
}

/** What has come over the connection, as the parser was given it. */
function wire(socket: Socket): Buffer[] {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

test('what came over the wire is given back once it is parsed, and the body is whole', async () => {
  const answer = await answerOf((response) => response.end(BODY));
  const read = wire(answer.socket);
  freeOnceParsed(answer);

  const body = await buffer(answer);

  expect(body.equals(BODY)).toBe(true);
  // The last of a body may be small, and is left to the collector.
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter(({ length }) => length >= 1024)).toEqual([]);
});

test('answers that follow on the same connection come whole, each parsed before it is given back', async () => {
  const server = await littleServer((response: ServerResponse) => response.end(BODY));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();

  for (let times = 0; times < 4; times += 1) {
    const answer = await ask(server.url, agent);
    sockets.add(answer.socket);
    freeOnceParsed(answer);
    expect((await buffer(answer)).equals(BODY)).toBe(true);
  }

  agent.destroy();
  expect(sockets.size).toBe(1);
});

test('a chunk is given back once it has gone out, and its writer is told as ever', async () => {
  const chunk = Buffer.from(new Uint8Array(BODY).buffer);
  const parted = Buffer.from(new Uint8Array(BODY).buffer).subarray(1);
  let told = 0;

  const answer = await answerOf((response) => {
    freeOnceSent(response);
    response.write(chunk, () => {
      told += 1;
    });
    response.write(parted);
    response.end();
  });
  const body = await buffer(answer);

  expect(body.equals(Buffer.concat([BODY, BODY.subarray(1)]))).toBe(true);
  expect(told).toBe(1);
  expect(chunk).toHaveLength(0);
  // Others may read the rest of what a part was taken from.
  expect(parted.equals(BODY.subarray(1))).toBe(true);
});

test('a chunk that can not go out yet is kept until it does', async () => {
  // More than the buffers of both sides of a connection hold.
  const chunk = Buffer.alloc(64 * 1024 * 1024, BODY);
  const answer = await answerOf((response) => {
    freeOnceSent(response);
    response.write(chunk);
    response.end();
  });
  await sleep(50);
  const { length } = chunk;

  const body = await buffer(answer);

  expect(length).toBe(body.length);
  expect(body.equals(Buffer.alloc(body.length, BODY))).toBe(true);
  expect(chunk).toHaveLength(0);
});

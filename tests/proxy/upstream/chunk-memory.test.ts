import { randomBytes } from 'node:crypto';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freeOnceParsed, freeOnceSent } from '../../../src/proxy/upstream/chunk-memory.ts';
import { littleServer } from '../../little-server.ts';

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

/** The chunks that came over the connection, as the parser received them. */
function wire(socket: Socket): Buffer[] {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

test('the memory of received chunks is freed once they are parsed, and the body is whole', async () => {
  const answer = await answerOf((response) => response.end(BODY));
  const read = wire(answer.socket);
  freeOnceParsed(answer);

  const body = await buffer(answer);

  expect(body.equals(BODY)).toBe(true);
  // The last chunk of a body may be small, and is left to the garbage collector.
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter(({ length }) => length >= 1024)).toEqual([]);
});

test('successive answers on the same connection arrive whole, each parsed before its memory is freed', async () => {
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

test('the memory of a sent chunk is freed once it has gone out, and its write callback is still called', async () => {
  const chunk = Buffer.from(new Uint8Array(BODY).buffer);
  const parted = Buffer.from(new Uint8Array(BODY).buffer).subarray(1);
  let callbacks = 0;

  const answer = await answerOf((response) => {
    freeOnceSent(response);
    response.write(chunk, () => {
      callbacks += 1;
    });
    response.write(parted);
    response.end();
  });
  const body = await buffer(answer);

  expect(body.equals(Buffer.concat([BODY, BODY.subarray(1)]))).toBe(true);
  expect(callbacks).toBe(1);
  expect(chunk).toHaveLength(0);
  // A chunk that is part of a larger buffer keeps its memory: others may use the rest.
  expect(parted.equals(BODY.subarray(1))).toBe(true);
});

test('the memory of a chunk that cannot go out yet is kept until it has', async () => {
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

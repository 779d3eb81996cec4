import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerBatch } from '../../src/proxy/batch.ts';

/** Each turn that was asked for: of how many bytes, and whether the body had been read then. */
const turns: { readonly bytes: number; readonly isRead: boolean }[] = [];

const app = express();
app.post('/batch', (request, response) =>
  answerBatch(request, response, {
    maxQueryBodyBytes: 1_000,
    bodyTimeoutMs: 10_000,
    bodyTurn: async ({ readableEnded }, bytes) => {
      turns.push({ bytes, isRead: readableEnded });
    },
  }),
);
app.get('/part', (_request, response) => void response.send('a part'));
const server = createServer(app);

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

const BATCH = Buffer.from('--b\r\nContent-Type: application/http\r\n\r\nGET /part\r\n\r\n\r\n--b--\r\n');

async function send(body: RequestInit['body']) {
  turns.length = 0;
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const headers = { 'content-type': 'multipart/mixed; boundary=b' };
  const options = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  const answer = await fetch(`http://127.0.0.1:${port}/batch`, options);
  return answer.text();
}

test('a batch whose length is said waits for its turn before it is read', async () => {
  expect(await send(BATCH)).toContain('a part');

  expect(turns).toEqual([
    { bytes: BATCH.length, isRead: false },
    { bytes: 0, isRead: true },
  ]);
});

test('one whose length is not said waits before it is looked at', async () => {
  expect(await send(new Blob([BATCH]).stream())).toContain('a part');

  expect(turns).toEqual([
    { bytes: 0, isRead: false },
    { bytes: BATCH.length, isRead: true },
  ]);
});

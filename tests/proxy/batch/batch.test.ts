import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerBatch } from '../../../src/proxy/batch/batch.ts';

/** Each turn that was requested: for how many bytes, and whether the body had been read by then. */
const turns: { readonly bytes: number; readonly isRead: boolean }[] = [];

const app = express();
/** For the latest batch: settles when it has been handled, and when its client has its answer or has hung up. */
let handled: Promise<unknown>;
let hungUp: Promise<unknown>;
app.post('/batch', (request, response) => {
  hungUp = once(response, 'close');
  handled = answerBatch(request, response, {
    maxQueryBodyBytes: 1_000,
    bodyTimeoutMs: 10_000,
    bodyTurn: async ({ readableEnded }, bytes) => {
      turns.push({ bytes, isRead: readableEnded });
    },
  });
});
app.get('/part', (_request, response) => void response.send('a part'));
/** Emits when a part begins, with the function that answers it. */
const slow = new EventEmitter<{ begins: [end: () => void] }>();
app.get('/slow', (_request, response) => void slow.emit('begins', () => response.send('late')));
/** Emits when a part that never answers begins, with a promise that settles when nobody waits for it any more. */
const hanging = new EventEmitter<{ begins: [left: Promise<unknown>] }>();
app.get('/hangs', (_request, response) => void hanging.emit('begins', once(response, 'close')));
app.get('/hangs-within', (_request, response) => {
  response.write('half');
  hanging.emit('begins', once(response, 'close'));
});
app.get('/encodings', ({ headers }, response) => void response.send(String(headers['accept-encoding'])));
app.get('/breaks-off', (_request, response) => {
  response.write('half');
  setImmediate(() => response.destroy());
});
let begunBehind = 0;
app.get('/part-behind', (_request, response) => {
  begunBehind += 1;
  response.send('behind');
});
const server = createServer(app);

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

const partAt = (path: string) => `--b\r\nContent-Type: application/http\r\n\r\nGET ${path}\r\n\r\n\r\n`;
const BATCH = Buffer.from(`${partAt('/part')}--b--\r\n`);

async function send(body: RequestInit['body'], signal: AbortSignal | null = null) {
  turns.length = 0;
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const headers = { 'content-type': 'multipart/mixed; boundary=b' };
  const options = { method: 'POST', headers, body, signal, duplex: 'half' } as RequestInit;
  const answer = await fetch(`http://127.0.0.1:${port}/batch`, options);
  return answer.text();
}

test('a batch with a Content-Length waits for its turn before its body is read', async () => {
  expect(await send(BATCH)).toContain('a part');

  expect(turns).toEqual([
    { bytes: BATCH.length, isRead: false },
    { bytes: 0, isRead: true },
  ]);
});

test('a batch without a Content-Length waits for its turn once its body is read', async () => {
  expect(await send(new Blob([BATCH]).stream())).toContain('a part');

  expect(turns).toEqual([
    { bytes: 0, isRead: false },
    { bytes: BATCH.length, isRead: true },
  ]);
});

test('a part with headers of a connection, such as announced trailers, is answered like any other', async () => {
  const part = partAt('/part').replace('GET /part', 'GET /part\r\nTrailer: X-Sum\r\nTE: trailers');

  expect(await send(`${part}--b--\r\n`)).toContain('a part');
});

test('a part that accepts a gzipped answer gets a plain one, as the answer’s encoding is not passed on', async () => {
  const part = partAt('/encodings').replace(
    'GET /encodings',
    'GET /encodings\r\nAccept-Encoding: gzip, deflate',
  );

  expect(await send(`${part}--b--\r\n`)).toMatch(/\r\n\r\nundefined\r\n/);
});

test.each([
  ['whose answer breaks off', partAt('/breaks-off')],
  ['that asks for a tunnel', partAt('/part').replace('GET', 'CONNECT')],
])('a part %s is answered 502, and the others as usual', async (_what, broken) => {
  const answer = await send(`${partAt('/part')}${broken}${BATCH}`);

  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 502', 'HTTP/1.1 200']);
});

test('no further part of a batch begins once its client has hung up', async () => {
  const gone = new AbortController();
  const begins = once(slow, 'begins');
  const sent = send(Buffer.from(`${partAt('/slow')}${partAt('/part-behind')}--b--\r\n`), gone.signal);
  const [end] = await begins;

  gone.abort();
  await expect(sent).rejects.toThrow();
  await hungUp;
  end();
  await handled;

  expect(begunBehind).toBe(0);
});

test.each(['/hangs', '/hangs-within'])(
  'the part under way, %s, is abandoned when the client of its batch hangs up',
  async (path) => {
    const gone = new AbortController();
    const begins = once(hanging, 'begins');
    const sent = send(Buffer.from(`${partAt(path)}${partAt('/part-behind')}--b--\r\n`), gone.signal);
    const [left] = await begins;
    const before = begunBehind;

    gone.abort();
    await expect(sent).rejects.toThrow();

    await left;
    await expect(handled).resolves.toBeUndefined();
    expect(begunBehind).toBe(before);
  },
);

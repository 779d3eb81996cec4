import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { post } from '../../../src/foundation/outbound/post.ts';

/** A server that sends these lines to whoever connects; its URL. */
async function answering(...lines: readonly string[]): Promise<string> {
  const server = createServer((socket) => socket.end(`${lines.join('\r\n')}\r\n\r\n`)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return urlOf(server);
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/secret`;
}

const postTo = (url: string) => post({ url, body: '{}', timeoutMs: 5_000 });

describe('a server that does not take what is posted', () => {
  test.each([
    ['in seconds', ['Retry-After: 120'], 120_000],
    ['as a date, which is not read', ['Retry-After: Wed, 21 Oct 2026 07:28:00 GMT'], 0],
    ['not at all', [], 0],
  ])('says when to come again: %s', async (_how, headers, retryAfterMs) => {
    const url = await answering('HTTP/1.1 503 Busy', 'Content-Length: 0', 'Connection: close', ...headers);

    expect(await postTo(url)).toEqual({
      kind: 'answered',
      status: 503,
      problem: 'it answered HTTP 503',
      retryAfterMs,
    });
  });

  test('is not named in the problem, since its address may be secret', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = urlOf(server);
    server.close();

    expect(await postTo(url)).toEqual({
      kind: 'unreached',
      problem: 'it could not be reached (ECONNREFUSED)',
    });
    expect(await postTo('http://ana:secret@127.0.0.1/')).toEqual({
      kind: 'unreached',
      problem: 'it could not be sent',
    });
  });
});

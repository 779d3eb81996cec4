import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { closeServer, ListenError, listen, urlOf } from '../../src/service/listen.ts';

/** What is said if the system answers with this code. */
function said(code: string): string {
  const cause = Object.assign(new Error(code), { code });
  return new ListenError('ops_listen', { host: '10.0.0.9', port: 443 }, cause).message;
}

describe('an address that cannot be listened on is reported with its cause and what helps:', () => {
  test('another process listens there', () => {
    expect(said('EADDRINUSE')).toBe(
      'Cannot listen on 10.0.0.9:443: something else listens there already. Stop the process that listens there, or use ' +
        'another address: GUARDRAIL_OPS_LISTEN=10.0.0.9:PORT, or ops_listen in guardrail.yaml.',
    );
  });

  test('the port is for the administrator', () => {
    expect(said('EACCES')).toBe(
      'Cannot listen on 10.0.0.9:443: the user that runs guardrail may not listen on this port. Use a port above 1023: ' +
        'GUARDRAIL_OPS_LISTEN=10.0.0.9:PORT, or ops_listen in guardrail.yaml.',
    );
  });

  test('ports cannot be shared on this system', () => {
    expect(said('ENOTSUP')).toContain(
      'processes can share a port on Linux only. Leave reuse_port out, and use another address for each:',
    );
  });

  test('the system gives another reason', () => {
    expect(said('EAFNOSUPPORT')).toContain('the system answered EAFNOSUPPORT. Use another address:');
  });

  test('no machine has the name', () => {
    expect(said('ENOTFOUND')).toContain('this machine has no such address. Use one that it has:');
  });

  test('another machine has it', async () => {
    const listening = listen(createServer(), { host: '192.0.2.1', port: 0 }, 'listen');

    await expect(listening).rejects.toThrow(
      'Cannot listen on 192.0.2.1:0: this machine has no such address. Use one that it has: GUARDRAIL_LISTEN=HOST:0,',
    );
  });
});

test.each([
  ['127.0.0.1', false, 'http://127.0.0.1:8081'],
  ['::1', true, 'https://[::1]:8081'],
])('the address of a listener on %s is one that a browser opens (TLS: %s)', (host, isSecure, url) => {
  expect(urlOf({ host, port: 8081 }, isSecure)).toBe(url);
});

describe('a server that is closed', () => {
  /** A server with one request under way. */
  async function answering() {
    const server = createServer();
    const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'listen');
    const asked = once(server, 'request');
    const answer = fetch(url).then((response) => response.text());
    const [, response] = (await asked) as [unknown, ServerResponse];
    return { server, answer, response };
  }

  test('lets an answer under way end first', async () => {
    const { server, answer, response } = await answering();

    const closed = closeServer(server, 60_000).then(() => 'closed');
    const first = await Promise.race([closed, sleep(100, 'still open')]);
    response.end('whole');

    expect(first).toBe('still open');
    expect(await answer).toBe('whole');
    expect(await closed).toBe('closed');
  });

  test('cuts off an answer that takes too long', async () => {
    const { server, answer } = await answering();

    const cutOff = expect(answer).rejects.toThrow();
    await closeServer(server, 50);

    await cutOff;
    expect(server.listening).toBe(false);
  });

  test('is closed at once if it does not listen', async () => {
    await expect(closeServer(createServer(), 60_000)).resolves.toBeUndefined();
  });
});

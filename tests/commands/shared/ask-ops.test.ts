import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { askOps, opsOption } from '../../../src/commands/shared/ask-ops.ts';

const REQUEST = { method: 'GET', path: '/api/v1/x' } as const;

/** Asks a server that answers everything in the same way. */
async function ask(status: number, body: string): Promise<{ readonly answer: Promise<number>; url: string }> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answer: askOps({ ops: url }, REQUEST, z.object({ x: z.number() })).then(({ x }) => x),
  };
}

function opsGiven(text: string): unknown {
  const command = new Command()
    .addOption(opsOption())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(['--ops', text], { from: 'user' }).opts()['ops'];
}

test('a command gets what guardrail answers', async () => {
  await expect((await ask(200, '{"x": 1}')).answer).resolves.toBe(1);
});

test('a command shows why guardrail refuses', async () => {
  const { answer, url } = await ask(400, '{"error": "there is no budget x"}');

  await expect(answer).rejects.toThrow(`guardrail at ${url} refused: there is no budget x`);
});

test('a command that has no token for what it asks says where to put one', async () => {
  const { answer } = await ask(401, `{"error": "this needs a viewer's token"}`);

  await expect(answer).rejects.toThrow("a viewer's token. Give it with --token or GUARDRAIL_OPERATOR_TOKEN.");
});

test.each([
  ['the proxy, with an error of BigQuery', 404, '{"error": {"code": 404, "message": "Not found"}}'],
  ['a web page', 502, '<!DOCTYPE html><html></html>'],
  ['another server that is content', 200, 'hello'],
  ['another API', 200, '{"y": 1}'],
])('a command says so if it reaches %s', async (_what, status, body) => {
  const { answer, url } = await ask(status, body);

  await expect(answer).rejects.toThrow(
    `What answers at ${url}, with HTTP ${status}, is not the operators' port of this guardrail. Name that with --ops`,
  );
});

test('the address of a guardrail is taken with or without a slash at its end', () => {
  expect(opsGiven('http://10.0.0.1:8081/')).toBe('http://10.0.0.1:8081');
  expect(opsGiven('https://guardrail.example/ops')).toBe('https://guardrail.example/ops');
});

test.each(['127.0.0.1:8081', 'localhost:8081', 'ftp://x', ''])('%s is no address of a guardrail', (text) => {
  expect(() => opsGiven(text)).toThrow('an address is written http://127.0.0.1:8081.');
});

test('a command whose answer takes too long does not say that no guardrail is running', async () => {
  // As Node's fetch fails once it has waited five minutes for the head of an answer.
  const cause = Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause })));
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });

  const slow = askOps({ ops: 'http://127.0.0.1:9' }, REQUEST, z.unknown());

  await expect(slow).rejects.toThrow('did not answer in five minutes. Ask for a shorter time');
});

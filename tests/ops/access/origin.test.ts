import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isOwnHost, isSameOrigin } from '../../../src/ops/access/origin.ts';

function requestWith(headers: IncomingMessage['headers']): IncomingMessage {
  return { headers } as IncomingMessage;
}

const host = '127.0.0.1:8081';

describe('a request comes from a page of this port if', () => {
  test.each([
    ['the browser says so', { host, 'sec-fetch-site': 'same-origin' }],
    ['its origin is the requested address', { host, origin: 'http://127.0.0.1:8081' }],
    [
      'its origin is the requested address over TLS, terminated in front of this port',
      { host: 'g.example', origin: 'https://g.example' },
    ],
    ['its origin differs only in case', { host: 'G.example', origin: 'https://g.example' }],
  ])('%s', (_what, headers) => {
    expect(isSameOrigin(requestWith(headers))).toBe(true);
  });

  test.each([
    ['another site', { host, 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:8081' }],
    ['another port of this machine', { host, 'sec-fetch-site': 'same-site' }],
    ['no page, as from the address bar', { host, 'sec-fetch-site': 'none' }],
    ['another origin', { host, origin: 'https://evil.example' }],
    ['another port', { host, origin: 'http://127.0.0.1:3000' }],
    ['a page in a frame without an origin', { host, origin: 'null' }],
    ['no header that tells', { host }],
    ['no headers at all', {}],
  ])('and not with %s', (_what, headers) => {
    expect(isSameOrigin(requestWith(headers))).toBe(false);
  });
});

describe('a host name of this port', () => {
  test.each([
    'localhost',
    'localhost:8081',
    'LOCALHOST:8081',
    '127.0.0.1:8081',
    '[::1]:8081',
    '10.1.2.3:8081',
    'guardrail.example:8081',
  ])('is %s', (name) => {
    expect(isOwnHost(name, ['guardrail.example'])).toBe(true);
  });

  test.each([
    undefined,
    '',
    'evil.example:8081',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example#@localhost',
    'localhost@evil.example',
    'localhost:8081.evil.example',
    '[evil.example]',
    'sub.guardrail.example',
  ])('is not %s', (name) => {
    expect(isOwnHost(name, ['guardrail.example'])).toBe(false);
  });
});

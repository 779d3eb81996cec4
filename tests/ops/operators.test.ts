import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createOperators, operatorOf, operatorsOnly } from '../../src/ops/operators.ts';

const ANA = 'token-of-ana-0123456789';
const RUI = 'token-of-rui-0123456789';
const operators = createOperators(
  new Map([
    ['ana', ANA],
    ['rui', RUI],
  ]),
);

describe('an operator is known by their token', () => {
  test.each([
    ['their own', `Bearer ${ANA}`, 'ana'],
    ['another’s', `Bearer ${RUI}`, 'rui'],
    ['a scheme in whatever case', `bearer ${ANA}`, 'ana'],
  ])('%s', (_what, authorization, name) => {
    expect(operators.nameOf(authorization)).toBe(name);
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a scheme alone', 'Bearer '],
    ['a token alone', ANA],
    ['another scheme', `Basic ${ANA}`],
    ['a part of a token', `Bearer ${ANA.slice(0, -1)}`],
    ['more than a token', `Bearer ${ANA}0`],
    ['two tokens', `Bearer ${ANA} ${RUI}`],
    ['a token in another case', `Bearer ${ANA.toUpperCase()}`],
    ['a name for a token', 'Bearer ana'],
  ])('and nobody by %s', (_what, authorization) => {
    expect(operators.nameOf(authorization)).toBeNull();
  });

  test('without operators, nobody is one', () => {
    const none = createOperators(new Map());

    expect(none.isEmpty).toBe(true);
    expect(operators.isEmpty).toBe(false);
    expect(none.nameOf(`Bearer ${ANA}`)).toBeNull();
  });
});

/** Answers a request that only operators may make. */
async function ask(known: typeof operators, authorization?: string) {
  const server = express()
    .get('/', operatorsOnly(known), (_request, response) => {
      response.send(operatorOf(response));
    })
    .listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('what only operators may do', () => {
  test('is done for them, and it is known for whom', async () => {
    expect(await ask(operators, `Bearer ${RUI}`)).toMatchObject({ status: 200, text: 'rui' });
  });

  test('is refused to others, who are told how to come', async () => {
    const { status, text, headers } = await ask(operators, 'Bearer nobody');

    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.parse(text).error).toContain("needs an operator's token");
    expect(text).not.toContain(ANA);
  });

  test('is refused to all where there are none, and the setting is named', async () => {
    const { status, text } = await ask(createOperators(new Map()), `Bearer ${ANA}`);

    expect(status).toBe(403);
    expect(JSON.parse(text).error).toContain('operator_tokens');
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inHours, POLICY, template, useGrantingHouse } from './granting-house.ts';
import { useHouse } from './guardrail.ts';

const { house, refusal, write, give } = useGrantingHouse();

test('a grant lets a refused query run, is named in the next refusal, and adds nothing once revoked', async () => {
  expect(await refusal('api')).toBeNull();
  expect(await refusal('api')).toContain('10 MiB out of budget api-day');

  const given = await give({});

  expect(await refusal('api')).toBeNull();
  const after = await refusal('api');
  expect(after).toContain('which has 5 MiB left');
  expect(after).toContain('api-day: 5 MiB of 25 MiB (with a grant of 10 MiB)');
  const { grants } = await house.ops('/api/v1/grants');
  expect(grants).toEqual([
    {
      ...given,
      budget: 'api-day',
      amount: String(10 << 20),
      grantedBy: 'ana',
      grantedTo: 'Bia',
      reason: 'month end',
      revoked: null,
    },
  ]);

  const revoked = await write('DELETE', `/${given.id}`, { token: 'token-of-rui-0123456789' });

  expect(await revoked.json()).toMatchObject({ id: given.id, revoked: { by: 'rui' } });
  expect(await refusal('api')).toContain('api-day: 0 B of 15 MiB;');
});

test('a grant ends at its expiry time', async () => {
  expect(await refusal('expiring')).toBeNull();
  const until = new Date(Date.now() + 5_000).toISOString();
  await give({ budget: 'expiring-day', amount: '20 MiB', until });
  expect(await refusal('expiring')).toBeNull();

  await sleep(Date.parse(until) - Date.now() + 50);

  expect(await refusal('expiring')).toContain('expiring-day: 0 B of 15 MiB;');
  const inForce = await house.ops('/api/v1/grants');
  const all = await house.ops('/api/v1/grants?all=true');
  expect(inForce.grants.some(({ budget }: { budget: string }) => budget === 'expiring-day')).toBe(false);
  expect(all.grants.some(({ budget }: { budget: string }) => budget === 'expiring-day')).toBe(true);
});

test('grants are listed in pages with limit and before', async () => {
  const given: string[] = [];
  for (let i = 0; i < 3; i += 1) given.unshift((await give({ budget: 'cli-day' })).id);
  const ids = (answer: { grants: { id: string }[] }) => answer.grants.map(({ id }) => id);

  const first = ids(await house.ops('/api/v1/grants?all=true&limit=2'));
  const second = ids(await house.ops(`/api/v1/grants?all=true&limit=1&before=${first.at(-1)}`));

  expect([...first, ...second]).toEqual(given);
  expect((await house.ops('/api/v1/grants?before=none')).error).toContain('before is the ID of a grant');
  for (const id of given) await write('DELETE', `/${id}`, {});
});

test('a grant can be given to a single account of a budget', async () => {
  for (const person of [1, 2]) expect(await refusal('persons', person)).toBeNull();

  await give({ budget: 'persons-day', account: 'metabase:1' });

  expect(await refusal('persons', 1)).toBeNull();
  expect(await refusal('persons', 2)).toContain('budget persons-day, metabase:2');
});

describe('a grant is refused with what to do instead, for', () => {
  test.each([
    ['an unknown token', 'token-of-nobody-0123456789', 401],
    ['no token', '', 401],
  ])('%s', async (_what, token, status) => {
    for (const response of [
      await write('POST', '', { body: template, token }),
      await write('DELETE', '/x', { token }),
    ]) {
      expect(response.status).toBe(status);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.text()).toContain('this needs an operator');
    }
  });

  test.each([
    ['broken JSON', '{', 'the request cannot be read: Expected property name'],
    ['an empty body', '', 'the name of a budget'],
    ['a budget that does not exist', { ...template, budget: 'nope' }, 'there are api-day, expiring-day'],
    [
      'an amount that is not a number',
      { ...template, amount: 'much' },
      'budget api-day counts bytes, which much is not',
    ],
    ['an amount in another unit', { ...template, amount: '5 BRL' }, 'counts bytes, which 5 BRL is not'],
    ['an amount of zero', { ...template, amount: '0 B' }, 'counts bytes, which 0 B is not'],
    ['an account of a budget that has only one', { ...template, account: 'a' }, 'leave account out'],
    ['an expiry in the past', { ...template, until: inHours(-1) }, 'has passed'],
    ['an expiry too far ahead', { ...template, until: inHours(24 * 93) }, '92 days at most'],
    ['an expiry without a time zone', { ...template, until: '2030-01-01T00:00:00' }, 'an instant such as'],
    ['no reason', { ...template, reason: ' ' }, 'why it is given'],
    ['a reason with the character NUL', { ...template, reason: 'month\0end' }, 'NUL'],
    ['an account with the character NUL', { ...template, budget: 'persons-day', account: '\0' }, 'NUL'],
    ['an unknown field', { ...template, forever: true }, 'forever'],
  ])('%s', async (_what, body, problem) => {
    const response = await write('POST', '', { body });

    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(problem);
  });

  test('the ID of a grant that does not exist', async () => {
    const response = await write('DELETE', '/nope', {});

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: 'there is no grant nope' });
  });
});

describe('without operators in the settings', () => {
  const alone = useHouse({ sandbox: { messages: 3_000 }, policies: { 'grants.yaml': POLICY } });

  test('nobody can give a grant, and the answer names the missing setting', async () => {
    const response = await write('POST', '', { body: template, opsUrl: alone.guardrail().opsUrl });

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('name operators and their tokens in the setting operator_tokens');
    expect(await alone.ops('/api/v1/grants')).toEqual({ grants: [], more: false });
  });
});

import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { useHouse } from './guardrail.ts';

const TOKEN = 'token-of-ana-0123456789';
const VIEWER = 'token-of-bia-0123456789';
const TEAMS = ['api', 'expiring', 'persons', 'cli'] as const;
type Team = (typeof TEAMS)[number];
const principal = (team: Team) => `${team}@guardrail-demo.example`;

/** Each budget has room for one query of 10 MiB, and not for two. */
const POLICY = `version: 1
teams:
${TEAMS.map((team) => `  - { name: ${team}, language: en, principals: ["${principal(team)}"] }`).join('\n')}
budgets:
  - { name: api-day, team: api, window: day, limit: 15 MiB }
  - { name: expiring-day, team: expiring, window: day, limit: 15 MiB }
  - { name: persons-day, team: persons, per: person, window: day, limit: 15 MiB }
  - { name: cli-day, team: cli, window: day, limit: 15 MiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

const house = useHouse({
  sandbox: { messages: 3_000 },
  policies: { 'grants.yaml': POLICY },
  settings: {
    operator_tokens: { ana: TOKEN, rui: 'token-of-rui-0123456789' },
    viewer_tokens: { bia: VIEWER },
    anonymous_role: 'analyst',
  },
});

let sent = 0;

/** Null if a query of 10 MiB passes, else the message of its refusal. */
async function refusal(team: Team, person?: number): Promise<string | null> {
  sent += 1;
  const remark =
    person === undefined ? '' : `-- Metabase:: userID: ${person} queryType: native queryHash: 0a\n`;
  try {
    await house
      .client(principal(team))
      .query(`${remark}SELECT COUNT(*) AS n, ${sent} AS x FROM atendimento.tickets WHERE subject != ''`);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ code: 403, errors: [{ reason: 'quotaExceeded' }] });
    return (error as Error).message;
  }
}

function write(
  method: string,
  path: string,
  {
    body,
    token = TOKEN,
    opsUrl = house.guardrail().opsUrl,
  }: { body?: unknown; token?: string; opsUrl?: string },
) {
  return fetch(`${opsUrl}/api/v1/grants${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : (JSON.stringify(body) ?? null),
  });
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const template = { budget: 'api-day', amount: '10 MiB', reason: 'month end', to: 'Bia', until: inHours(1) };

// biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
async function give(body: Partial<typeof template> & { account?: string }): Promise<any> {
  const response = await write('POST', '', { body: { ...template, ...body } });
  expect(response.status).toBe(201);
  return response.json();
}

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

describe('the command guardrail grant', () => {
  const runAs = (token: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, ['src/main.ts', ...args], {
      env: { PATH: process.env['PATH'], GUARDRAIL_OPERATOR_TOKEN: token },
    });
  const run = (...args: string[]) => runAs(TOKEN, ...args);
  const grant = (...args: string[]) => run('grant', ...args, '--ops', house.guardrail().opsUrl);

  test('gives, lists and revokes a grant, and the records stay intact', async () => {
    expect(await refusal('cli')).toBeNull();
    expect(await refusal('cli')).not.toBeNull();

    const given = await grant('give', 'cli-day', '10 MiB', '--to', 'Bia', '--reason', 'month end');
    const passed = await refusal('cli');
    const [id = ''] = /[0-9a-f-]{36}/.exec(given.stdout) ?? [];
    const listed = await grant('list');
    const toViewers = await runAs(VIEWER, 'grant', 'list', '--ops', house.guardrail().opsUrl);
    const revoked = await grant('revoke', id);
    const verified = await run('records', 'verify', '--ledger', house.ledger(), '--format', 'json');

    expect(given.stdout).toMatch(
      /^Granted: \S+ {2}10 MiB on cli-day to Bia, until \S+, by ana: month end\n$/,
    );
    expect(passed).toBeNull();
    expect(listed.stdout).toContain(id);
    expect(toViewers.stdout).toMatch(new RegExp(`${id} .* by \\S+$`, 'm'));
    expect(revoked.stdout).toContain(`Revoked: ${id}`);
    expect(await refusal('cli')).toContain('cli-day: 0 B of 15 MiB;');
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true, findings: [] });
  });

  test('lists names and reasons without what would move the cursor of a terminal', async () => {
    await give({ budget: 'persons-day', account: 'a\x1b[1A', to: 'Bia\x1b[2J', reason: '\x1b[31mmonth end' });

    const { stdout } = await grant('list');

    expect(stdout).toContain('Bia�[2J');
    expect(stdout).not.toContain('\x1b');
  });

  test.each(['0', 'abc', '2209', '1e300'])(
    'refuses --hours %s, and says how many there may be',
    async (hours) => {
      const wrong = grant(
        'give',
        'cli-day',
        '10 MiB',
        '--to',
        'Bia',
        '--reason',
        'month end',
        '--hours',
        hours,
      );

      await expect(wrong).rejects.toMatchObject({ stderr: expect.stringContaining('up to 2208') });
    },
  );

  test('reports a refused grant in one line', async () => {
    const wrong = grant('give', 'nope', '10 MiB', '--to', 'Bia', '--reason', 'month end');

    await expect(wrong).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^.*refused: there is no budget nope; there are api-day.*\n$/),
    });
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

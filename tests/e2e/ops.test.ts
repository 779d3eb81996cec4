import { expect, test } from 'vitest';
import { VERSION } from '../../src/foundation/version.ts';
import { eventually, FINOPS, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 3000 } });

test('every address that the API index lists is answered 200', async () => {
  await house.client().query('SELECT COUNT(*) AS n FROM atendimento.tickets');
  const { decisions } = await house.ops('/api/v1/decisions?limit=1');
  const index = await (await fetch(`${house.guardrail().opsUrl}/api`)).text();
  const paths = [...index.matchAll(/^(\/\S+)/gm)].map(([, path]) =>
    String(path).replace('ID', decisions[0].id).replace(/\?.*/, ''),
  );

  const answers = await Promise.all(paths.map((path) => fetch(`${house.guardrail().opsUrl}${path}`)));

  expect(index).toContain(`guardrail ${VERSION},`);
  expect(paths.length).toBeGreaterThan(6);
  expect(answers.map((answer) => answer.status)).toEqual(paths.map(() => 200));
});

test('decisions and spend are those of one team with ?team', async () => {
  await house.client().query('SELECT MAX(subject) AS last FROM atendimento.tickets');
  await house.client(FINOPS).query('SELECT MAX(name) AS last FROM finops.fund_managers');

  await eventually(async () => {
    const { spend } = await house.ops('/api/v1/spend?by=team');
    expect(spend.map(({ key }: { key: string }) => key).toSorted()).toEqual(['atendimento', 'finops']);
  });
  const { decisions } = await house.ops('/api/v1/decisions?team=finops');
  const { spend } = await house.ops('/api/v1/spend?by=team&team=finops');

  expect(decisions).toMatchObject([{ caller: { team: 'finops' } }]);
  expect(spend).toMatchObject([{ key: 'finops' }]);
});

test.each([
  ['/api/v1/decisions?limit=many', 400, /limit/],
  ['/api/v1/spend?by=mood', 400, /by/],
  ['/api/v1/spend?from=yesterday', 400, /an instant such as .*, or a day such as .*at from/s],
  ['/api/v1/decisions/none', 404, /there is no decision none/],
  ['/api/v1/nothing', 404, /there is nothing at/],
  ['/nothing', 404, /there is nothing at/],
])('%s is answered %i with what is wrong', async (path, status, message) => {
  const response = await fetch(`${house.guardrail().opsUrl}${path}`);

  expect(response.status).toBe(status);
  expect(((await response.json()) as { error: string }).error).toMatch(message);
});

test.each([
  '/api/v1/decisions/%00',
  '/api/v1/decisions?team=%00',
  '/decisions?person=a%00',
  '/api/v1/grants?before=%00',
])('an address with the character NUL, which no ledger keeps, is refused: %s', async (path) => {
  const answered = await fetch(`${house.guardrail().opsUrl}${path}`);

  expect(answered.status).toBe(400);
  expect(await answered.json()).toEqual({ error: 'the request cannot be read: its address contains %00' });
});

import { expect, test } from 'vitest';
import { eventually, post, useHouse } from './guardrail.ts';
import { settlementsOf } from './settlements.ts';

const house = useHouse();

const queries = () => `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`;

test('a request that a client sends twice is charged once', async () => {
  const body = JSON.stringify({
    query: 'SELECT COUNT(DISTINCT agent_id) AS n FROM atendimento.tickets',
    useLegacySql: false,
    useQueryCache: false,
    requestId: 'retried-once',
  });
  const used = async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    return BigInt(
      budgets.find((one: { budget: { name: string } }) => one.budget.name === 'atendimento-day').used,
    );
  };
  await settlementsOf(house, 1);
  const before = await used();

  const first = await post(queries(), body);
  const again = await post(queries(), body);

  const settlements = await settlementsOf(house, 2);
  expect(again.body.jobReference).toEqual(first.body.jobReference);
  expect(settlements).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ source: 'response', bytesBilled: first.body.totalBytesBilled }),
      expect.objectContaining({ source: 'repeated', bytesBilled: '0' }),
    ]),
  );
  await eventually(async () => expect(await used()).toBe(before + BigInt(first.body.totalBytesBilled)));
});

test('a job that a client sends twice under one ID is charged once', async () => {
  const insert = () =>
    post(
      queries().replace(/queries$/, 'jobs'),
      JSON.stringify({
        jobReference: { jobId: 'sent-twice' },
        configuration: {
          query: {
            query: 'SELECT COUNT(DISTINCT channel) AS n FROM atendimento.tickets',
            useLegacySql: false,
          },
        },
      }),
    );
  await settlementsOf(house, 1);

  const first = await insert();
  const again = await insert();

  await settlementsOf(house, 2);
  const record = (answer: typeof first) =>
    house.ops(`/api/v1/decisions/${answer.headers.get('x-guardrail-decision-id')}`);
  expect(again.body.error.errors[0].reason).toBe('duplicate');
  expect((await record(first)).settlement).toMatchObject({
    source: expect.stringMatching(/job|response/),
    bytesBilled: '10485760',
  });
  expect((await record(again)).settlement).toMatchObject({ source: 'not run', bytesBilled: '0' });
});

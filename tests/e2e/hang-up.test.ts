import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ATENDIMENTO, eventually, PROJECT, post, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 9_000 } });
const SLOW = `SELECT COUNT(*) AS n FROM atendimento.tickets AS a CROSS JOIN atendimento.tickets AS b CROSS JOIN atendimento.agents AS c WHERE a.subject < b.channel`;

/** Sends a query, and hangs up once `when` resolves. */
function sendAndHangUp(body: string, when: () => Promise<void>): Promise<void> {
  const { hostname, port } = new URL(house.guardrail().proxyUrl);
  return new Promise((resolve) => {
    const sent = request({
      host: hostname,
      port,
      method: 'POST',
      path: `/bigquery/v2/projects/${PROJECT}/queries`,
      headers: { authorization: `Bearer sandbox:${ATENDIMENTO}` },
    });
    sent.once('error', () => undefined);
    sent.end(body);
    when().then(() => {
      sent.destroy();
      resolve();
    });
  });
}

async function jobs(): Promise<
  readonly { metadata: { statistics: { query: { totalBytesBilled: string } } } }[]
> {
  const [found] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  return found;
}

describe('a client that hangs up', () => {
  test('before the answer arrives has its job found by label and settled at the bytes billed', async () => {
    await sendAndHangUp(JSON.stringify({ query: SLOW, useLegacySql: false }), () =>
      eventually(async () => expect(await jobs()).toHaveLength(1)),
    );

    await eventually(async () => {
      const { decisions } = await house.ops('/api/v1/decisions?limit=1');
      const [job] = await jobs();
      expect(decisions[0].settlement).toMatchObject({
        source: 'job',
        bytesBilled: job?.metadata.statistics.query.totalBytesBilled,
      });
    }, 100_000);
    const { budgets } = await house.ops('/api/v1/budgets');
    expect(budgets.map((budget: { reserved: string }) => budget.reserved)).toEqual(budgets.map(() => '0'));
  }, 120_000);

  test('neither delays other clients nor keeps guardrail from stopping', async () => {
    await sendAndHangUp(JSON.stringify({ query: `${SLOW} AND a.ticket_id > 0`, useLegacySql: false }), () =>
      eventually(async () => expect(await jobs()).toHaveLength(2)),
    );

    const answer = await post(
      `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`,
      JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false }),
    );

    expect(answer.status).toBe(200);
    await house.restart();
  }, 60_000);
});

test('an answer whose fields parameter leaves out the bytes billed is settled from its job', async () => {
  const answer = await post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries?fields=rows`,
    JSON.stringify({
      query: 'SELECT COUNT(DISTINCT subject) AS n FROM atendimento.tickets',
      useLegacySql: false,
    }),
  );

  expect(answer.status).toBe(200);
  await eventually(async () => {
    const record = await house.ops(`/api/v1/decisions/${answer.headers.get('x-guardrail-decision-id')}`);
    expect(record.settlement).toMatchObject({ bytesBilled: '10485760' });
  });
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import { ATENDIMENTO, FINOPS, PROJECT, post, useHouse } from '../guardrail.ts';

const house = useHouse({
  sandbox: { messages: 3_000 },
  // With a second process, a client does not wait for another's.
  settings: { read_timeout: 0.3, read_wait: 60, read_processes: 2 },
});

const answerShape = z.object({
  decisions: z.array(
    z.object({ sql: z.string(), reading: z.object({ unreadReason: z.string().nullable() }) }),
  ),
});

function ask(principal: string, sql: string) {
  const url = `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`;
  const headers = { authorization: `Bearer sandbox:${principal}` };
  return post(url, JSON.stringify({ query: sql, useLegacySql: false }), headers);
}

/** SQL that takes any machine longer to read than the limit; different each time, since the same is not tried again. */
const slow = (n: number) => `SELECT ${'NOT '.repeat(200_000)}true AS c${n}`;

async function unreadReasons(): Promise<readonly string[]> {
  const answer = await fetch(`${house.guardrail().opsUrl}/api/v1/decisions?limit=100`);
  const { decisions } = answerShape.parse(await answer.json());
  return decisions.flatMap(({ reading }) => reading.unreadReason ?? []);
}

test('a client is answered while slow SQL of another is given up, and the fourth such SQL is not read at all', async () => {
  // Afterwards the warehouse has confirmed both principals.
  for (const principal of [FINOPS, ATENDIMENTO]) await ask(principal, 'SELECT 1');
  const order: string[] = [];
  const bad = [1, 2, 3].map((n) => ask(FINOPS, slow(n)).then(() => order.push('bad')));
  const good = ask(ATENDIMENTO, 'SELECT 2').then(({ status }) => order.push(`good ${status}`));
  await Promise.all([...bad, good]);
  expect(order).toEqual(['good 200', 'bad', 'bad', 'bad']);

  await ask(FINOPS, slow(4));

  const tookTooLong = 'it took more than 300 ms to read';
  const [last, ...before] = await unreadReasons();
  expect(last).toContain('took too long to read 3 times within 5 minutes');
  expect(before).toEqual([tookTooLong, tookTooLong, tookTooLong]);
}, 120_000);

test('shorter SQL of a client whose slow SQL was given up is still read, and so is SQL of that length from others', async () => {
  for (let n = 11; n <= 14; n += 1) await ask(FINOPS, slow(n));

  expect((await ask(FINOPS, 'SELECT 3')).status).toBe(200);
  const reasons = (await unreadReasons()).length;
  await ask(ATENDIMENTO, slow(15));

  const [last, ...before] = await unreadReasons();
  expect(before).toHaveLength(reasons);
  expect(last).toContain('it took more than 300 ms');
}, 120_000);

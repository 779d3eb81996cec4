import { expect, test } from 'vitest';
import { z } from 'zod';
import { PROJECT, post, useHouse } from '../guardrail.ts';

const house = useHouse({
  sandbox: { messages: 3_000 },
  settings: { read_processes: 1, read_wait: 0.05 },
});

const answerShape = z.object({
  decisions: z.array(z.object({ sql: z.string(), outcome: z.string(), cause: z.string().nullable() })),
});
const queries = () => `${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`;
const ask = (sql: string) => post(queries(), JSON.stringify({ query: sql, useLegacySql: false }));

/** SQL that occupies one reader for two seconds, and is then given up. */
const SLOW = `SELECT ${'NOT '.repeat(100_000)}true`;
const FORBIDDEN = 'SELECT * FROM `guardrail-demo.atendimento.messages`';
let sent = 0;
/** Different SQL each time, since SQL that was read before needs no reader. */
const askForbidden = () => {
  sent += 1;
  return ask(`${FORBIDDEN} LIMIT ${sent}`);
};

test('keeping the readers busy gets no query past the rules: unread queries are answered 503', async () => {
  await ask('SELECT 1');

  const slow = ask(SLOW);
  // Retried until the slow SQL occupies the reader.
  let meanwhile = await askForbidden();
  while (meanwhile.status === 403) meanwhile = await askForbidden();
  await slow;

  expect(meanwhile.status).toBe(503);
  expect(meanwhile.body.error).toMatchObject({
    errors: [{ reason: 'backendError' }],
    message: expect.stringContaining('não teve tempo'),
  });
  await expect.poll(async () => (await askForbidden()).status, { timeout: 30_000 }).toBe(403);
  const answer = await fetch(`${house.guardrail().opsUrl}/api/v1/decisions?limit=100`);
  const { decisions } = answerShape.parse(await answer.json());
  const forbidden = decisions.filter(({ sql }) => sql.startsWith(FORBIDDEN));
  expect(forbidden.map(({ outcome }) => outcome)).not.toContain('admitted');
  expect(forbidden.map(({ cause }) => cause)).toContain('not read in time');
}, 120_000);

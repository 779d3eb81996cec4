import { expect, test } from 'vitest';
import { FINOPS, PROJECT, post, useHouse } from './guardrail.ts';

const house = useHouse({ sandbox: { messages: 3_000 } });

/** Every series of guardrail itself; those of the process differ between scrapes. */
async function series(): Promise<readonly string[]> {
  const text = await (await fetch(`${house.guardrail().opsUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => /^guardrail_(?!process|nodejs)/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
}

/** Sends what a caller can send, with every name newly made up. */
async function send(n: number): Promise<void> {
  const principal = n % 2 === 0 ? FINOPS : `nobody-${n}@made-up.example`;
  const headers = { authorization: `Bearer sandbox:${principal}`, 'user-agent': `made-up-${n}/1.0` };
  const to = (method: string, body: object, project = PROJECT) =>
    post(
      `${house.guardrail().proxyUrl}/bigquery/v2/projects/${project}/${method}`,
      JSON.stringify(body),
      headers,
    );
  const labels = { dashboard: `d-${n}`, [`label_${n}`]: 'x' };
  const metabase = `-- Metabase:: userID: ${n} queryType: MBQL queryHash: ${n.toString(16)}\n`;

  await to('queries', { query: `${metabase}SELECT ${n} AS column_${n}`, useLegacySql: false, labels });
  await to('queries', { query: `SELECT * FROM made_up_${n}.table_${n}`, useLegacySql: false });
  await to('queries', { query: `SELECT ${n}`, useLegacySql: false }, `project-${n}`);
  await to('queries', { query: `WORD_${n} SOMETHING`, useLegacySql: false });
  await to('queries', { query: `CREATE TEMP TABLE t_${n} AS SELECT ${n} AS n`, useLegacySql: false });
  await to('jobs', { configuration: { jobType: `TYPE_${n}`, [`kind_${n}`]: {}, labels } });
  await to('jobs', { configuration: { copy: { sourceTable: { tableId: `t_${n}` } }, labels } });
}

test('names that callers make up add no metric series', async () => {
  for (let n = 0; n < 4; n += 1) await send(n);
  const before = await series();

  for (let n = 4; n < 60; n += 1) await send(n);

  expect((await series()).filter((one) => !before.includes(one))).toEqual([]);
  expect(before.length).toBeGreaterThan(100);
}, 120_000);

import { expect, test } from 'vitest';
import { ANA, BIA, insert, query, useSandbox } from '../sandbox.ts';

const sandbox = useSandbox();

test('the same text by the same principal is answered from the cache at no cost', async () => {
  const sql = 'SELECT MAX(created_at) AS newest FROM atendimento.messages';

  const first = await query(sandbox(), sql);
  const second = await query(sandbox(), sql);

  expect(first.body.cacheHit).toBe(false);
  expect(BigInt(first.body.totalBytesBilled)).toBeGreaterThan(0n);
  expect(second.body).toMatchObject({ cacheHit: true, totalBytesProcessed: '0', totalBytesBilled: '0' });
  expect(second.body.rows).toEqual(first.body.rows);
  expect(second.body.jobReference).not.toEqual(first.body.jobReference);
});

test('a leading comment that differs by person misses the cache', async () => {
  const sql = 'SELECT MIN(created_at) AS oldest FROM atendimento.messages';
  const remark = (user: number) => `-- Metabase:: userID: ${user} queryType: native queryHash: 0a1b\n`;
  await query(sandbox(), remark(1) + sql);

  const other = await query(sandbox(), remark(2) + sql);
  const same = await query(sandbox(), remark(1) + sql);

  expect(other.body.cacheHit).toBe(false);
  expect(same.body.cacheHit).toBe(true);
});

test('another principal, parameter, default dataset, or useQueryCache false misses the cache', async () => {
  const sql = 'SELECT COUNT(*) AS n FROM atendimento.messages WHERE sender = @sender';
  const sender = (value: string) => ({
    parameterMode: 'NAMED',
    queryParameters: [{ name: 'sender', parameterType: { type: 'STRING' }, parameterValue: { value } }],
  });
  await query(sandbox(), sql, sender('x'));

  const answers = await Promise.all([
    query(sandbox(), sql, sender('x'), BIA),
    query(sandbox(), sql, sender('y'), ANA),
    query(sandbox(), sql, { ...sender('x'), defaultDataset: { datasetId: 'atendimento' } }, ANA),
    query(sandbox(), sql, { ...sender('x'), useQueryCache: false }, ANA),
  ]);
  const hit = await query(sandbox(), sql, sender('x'));

  expect(answers.map((answer) => answer.body.cacheHit)).toEqual([false, false, false, false]);
  expect(hit.body.cacheHit).toBe(true);
});

test('a query whose result can differ from run to run is not cached', async () => {
  const sql = 'SELECT CURRENT_TIMESTAMP() AS now';
  await query(sandbox(), sql);

  const again = await query(sandbox(), sql);

  expect(again.body.cacheHit).toBe(false);
});

test('a cached answer ignores maximumBytesBilled, since it bills nothing', async () => {
  const sql = 'SELECT COUNT(DISTINCT ticket_id) AS n FROM atendimento.messages';
  await query(sandbox(), sql);

  const capped = await query(sandbox(), sql, { maximumBytesBilled: '1' });

  expect(capped.status).toBe(200);
  expect(capped.body).toMatchObject({ cacheHit: true, totalBytesBilled: '0' });
});

test('a dry run says that the answer would come from the cache', async () => {
  const sql = 'SELECT COUNT(DISTINCT sender) AS n FROM atendimento.messages';
  const configuration = { dryRun: true, query: { query: sql, useLegacySql: false } };
  const before = await insert(sandbox(), configuration);
  await query(sandbox(), sql);

  const after = await insert(sandbox(), configuration);

  expect(before.body.statistics.query.cacheHit).toBe(false);
  expect(BigInt(before.body.statistics.totalBytesProcessed)).toBeGreaterThan(0n);
  expect(after.body.statistics).toMatchObject({ totalBytesProcessed: '0', query: { cacheHit: true } });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { littleServer, sendJson } from '../little-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { eventually } from './guardrail.ts';
import { pricedPolicy } from './priced-policy.ts';
import { raw } from './raw.ts';
import { guardrailBefore, JOBS, QUERIES, warehouse } from './scripted-warehouse.ts';

const MIB = 1n << 20n;
const TIB = 1n << 40n;

/** A folder with a policy that has one budget in dollars and a free tier of 25 MiB. */
async function policies(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'pricing.yaml'), pricedPolicy('  free_tier: 25 MiB'));
  return folder;
}

describe('a script', () => {
  const script =
    'CREATE TEMP TABLE a AS SELECT 1 AS b; CREATE MODEL d.m OPTIONS (model_type = "kmeans") AS SELECT * FROM a';
  const half = String(5n * MIB);

  /** The decision of the script once it is settled at 10 MiB, with these statements as its child jobs. */
  async function settledScript(
    [path, body]: readonly [string, object],
    children: readonly { readonly statementType: string; readonly totalBytesBilled: string }[],
  ) {
    const tenMib = String(10n * MIB);
    const upstream = await warehouse({ totalBytesProcessed: tenMib, statementType: 'SCRIPT', children });
    const { guardrail, decisions } = await guardrailBefore(upstream, { policies: await policies() });
    await raw(guardrail.proxyUrl, 'POST', path, JSON.stringify(body));
    await eventually(async () => {
      expect((await decisions())[0]?.settlement).toMatchObject({ bytesBilled: tenMib });
    });
    const [decision] = await decisions();
    return decision;
  }
  const byQuery = (query: string) => [QUERIES, { query, useLegacySql: false }] as const;
  const byInsert = (query: string) =>
    [JOBS, { configuration: { query: { query, useLegacySql: false } } }] as const;
  const micros = (times: bigint) => String((10n * MIB * times * 6_250_000n + TIB - 1n) / TIB);

  test.each([
    ['jobs.query', byQuery(script)],
    ['jobs.insert', byInsert(script)],
    ['jobs.query, in a procedure', byQuery('CALL d.train()')],
  ])(
    'that may create a model is reserved at the model price, and pays it only for the bytes of CREATE MODEL: %s',
    async (_how, request) => {
      const decision = await settledScript(request, [
        { statementType: 'CREATE_TABLE_AS_SELECT', totalBytesBilled: half },
        { statementType: 'CREATE_MODEL', totalBytesBilled: half },
      ]);

      expect(decision.estimatedCost).toMatchObject({ micros: micros(50n) });
      expect(decision.settlement).toMatchObject({
        freeBytes: '0',
        cost: { micros: String((10n * MIB * 159_375_000n + TIB - 1n) / TIB) },
      });
    },
  );

  test('that might have created a model and did not is settled at the query price, with its free tier', async () => {
    const decision = await settledScript(byQuery('CALL d.load()'), [
      { statementType: 'INSERT', totalBytesBilled: half },
      { statementType: 'MERGE', totalBytesBilled: half },
    ]);

    expect(decision.settlement).toMatchObject({ freeBytes: String(10n * MIB), cost: { micros: '0' } });
  });

  test('whose child jobs do not account for all bytes billed pays the model price for the rest', async () => {
    const decision = await settledScript(byQuery(script), [
      { statementType: 'CREATE_TABLE_AS_SELECT', totalBytesBilled: half },
    ]);

    expect(decision.settlement).toMatchObject({
      freeBytes: '0',
      cost: { micros: String((10n * MIB * 159_375_000n + TIB - 1n) / TIB) },
    });
  });

  test('that outlives its token is priced by its child jobs, listed with the one with which its client is shown it', async () => {
    const renewed = { authorization: 'Bearer renewed' };
    const tenMib = String(10n * MIB);
    const jobReference = { projectId: 'p', jobId: 'job_1', location: 'US' };
    const statistics = { query: { statementType: 'SCRIPT', totalBytesBilled: tenMib } };
    const upstream = await littleServer((response, { method, url, headers, body }) => {
      const isRenewed = headers.authorization === renewed.authorization;
      const job = { jobReference, status: { state: isRenewed ? 'DONE' : 'RUNNING' }, statistics };
      const child = { statementType: 'INSERT', totalBytesBilled: tenMib };
      if (body.includes('"dryRun":true'))
        sendJson(response, 200, {
          statistics: { query: { totalBytesProcessed: tenMib, statementType: 'SCRIPT' } },
        });
      else if (method === 'POST' || !url.includes('parentJobId')) sendJson(response, 200, job);
      else if (isRenewed) sendJson(response, 200, { jobs: [{ ...job, statistics: { query: child } }] });
      else sendJson(response, 401, {});
    });
    const { guardrail, decisions } = await guardrailBefore(upstream, { policies: await policies() });
    const [path, body] = byInsert('CALL d.load()');
    await raw(guardrail.proxyUrl, 'POST', path, JSON.stringify(body));

    await fetch(`${guardrail.proxyUrl}${JOBS}/job_1`, { headers: renewed });

    await eventually(async () => {
      const [decision] = await decisions();
      expect(decision.settlement).toMatchObject({ bytesBilled: tenMib, cost: { micros: '0' } });
    });
  });
});

import { describe, expect, test } from 'vitest';
import { type LittleServer, littleServer, sendJson } from '../little-server.ts';
import { folderOf } from '../policy/builders.ts';
import { ATENDIMENTO, eventually } from './guardrail.ts';
import { raw } from './raw.ts';
import {
  type DryRunFacts,
  forwarded,
  guardrailBefore,
  JOBS,
  QUERIES,
  useGuardrailBefore,
  warehouse,
} from './scripted-warehouse.ts';

const GIB = 1n << 30n;
const queryOf = (sql: string) => JSON.stringify({ query: sql, useLegacySql: false });
const query = queryOf('SELECT a FROM d.t');

let facts: DryRunFacts = { totalBytesProcessed: '0' };
const house = useGuardrailBefore(() => facts);

describe('an estimate that is not exact', () => {
  test.each([
    ['SELECT', 'LOWER_BOUND', '1000', (2n * GIB).toString()],
    ['SELECT', 'UNKNOWN', '0', (2n * GIB).toString()],
    ['SELECT', undefined, '0', (2n * GIB).toString()],
    ['SELECT', 'UPPER_BOUND', '104857600', '115343360'],
    ['SELECT', 'PRECISE', '104857600', '104857600'],
    ['SCRIPT', undefined, '0', (2n * GIB).toString()],
    ['SCRIPT', 'PRECISE', '104857600', (2n * GIB).toString()],
  ])(
    'of a %s, %s of %s bytes, runs it under a cap of %s',
    async (statementType, accuracy, totalBytesProcessed, cap) => {
      const accuracyOf = accuracy === undefined ? {} : { totalBytesProcessedAccuracy: accuracy };
      facts = { totalBytesProcessed, statementType, ...accuracyOf };
      // No two are alike, so none is priced by what the dry run of another said.
      const sql = `SELECT a AS ${statementType}_${accuracy} FROM d.t`;

      const answered = await raw(house.guardrail().proxyUrl, 'POST', QUERIES, queryOf(sql));

      expect(answered.status).toBe(200);
      // The example policies cap every query of this team at 2 GiB, which is less than an inexact one reserves.
      expect(forwarded(house.upstream(), QUERIES).maximumBytesBilled).toBe(cap);
      await eventually(async () => {
        const [latest] = await house.decisions();
        expect(latest).toMatchObject({ sql, settlement: { bytesBilled: '10485760' } });
      });
    },
  );

  test('is refused when the budget has no room for its reservation', async () => {
    const end = Promise.withResolvers<void>();
    const facts = { totalBytesProcessed: '0', totalBytesProcessedAccuracy: 'UNKNOWN' };
    const upstream = await warehouse(facts, end.promise);
    const { guardrail } = await guardrailBefore(upstream);
    const ask = () => raw(guardrail.proxyUrl, 'POST', QUERIES, query);
    // While it runs each reserves 2 GiB, the cap of its rule, out of 10 GiB for queries that name no person.
    const running = Array.from({ length: 5 }, ask);
    const areRunning = () => upstream.seen.filter(({ url }) => url.startsWith(QUERIES));
    await eventually(async () => expect(areRunning()).toHaveLength(5));

    const refused = await ask();
    end.resolve();
    const statuses = (await Promise.all(running)).map(({ status }) => status);

    expect(refused.json.error.errors[0].reason).toBe('quotaExceeded');
    expect(statuses).toEqual(Array(5).fill(200));
  });
});

const asJob = (sql: string) =>
  JSON.stringify({ configuration: { query: { query: sql, useLegacySql: false } } });
test.each([
  ['once, as it is sent again if that no longer holds', QUERIES, queryOf('SELECT a AS once FROM d.t'), 1],
  ['each time by jobs.insert, as nobody waits for its end', JOBS, asJob('SELECT a AS each FROM d.t'), 2],
  ['each time for a script, as part of it may have run', QUERIES, queryOf('SELECT 1; SELECT a FROM d.t'), 2],
])('the dry run of a query that comes twice is asked for %s', async (_why, path, body, asked) => {
  facts = { totalBytesProcessed: '1', totalBytesProcessedAccuracy: 'PRECISE', statementType: 'SELECT' };

  for (const _time of [1, 2]) await raw(house.guardrail().proxyUrl, 'POST', path, body);

  const dryRuns = house.upstream().seen.filter((one) => one.body.includes('"dryRun":true'));
  expect(dryRuns).toHaveLength(asked);
});

describe('a query that would be billed more than its dry run says', () => {
  const DRY_RUN = {
    totalBytesProcessed: '1',
    totalBytesProcessedAccuracy: 'PRECISE',
    statementType: 'SELECT',
  };
  const STOPPED = { code: 400, errors: [{ reason: 'bytesBilledLimitExceeded' }] };
  const capOf = (body: string) => BigInt(JSON.parse(body).maximumBytesBilled ?? 0);
  /** A warehouse whose dry run says 10 MiB, and that bills this much. */
  const billing = (bytes: bigint, { stopsAfterMs = 0 } = {}) => {
    return littleServer((response, { url, body }) => {
      if (url.startsWith(QUERIES) && capOf(body) < bytes)
        setTimeout(() => sendJson(response, 400, { error: STOPPED }), stopsAfterMs);
      else if (url.startsWith(QUERIES))
        sendJson(response, 200, { jobComplete: true, totalBytesBilled: `${bytes}` });
      else {
        sendJson(response, 200, { user_email: ATENDIMENTO, statistics: { query: DRY_RUN } });
      }
    });
  };
  const capsSent = (upstream: LittleServer) =>
    upstream.seen.filter(({ url }) => url.startsWith(QUERIES)).map(({ body }) => capOf(body));

  test('is sent again as one whose estimate is not exact, and settled at what it is billed', async () => {
    const upstream = await billing(100n << 20n);
    const { guardrail, decisions } = await guardrailBefore(upstream);
    // As clients send it, by which a request that they send twice is known.
    const body = JSON.stringify({ ...JSON.parse(query), requestId: 'r' });

    const answered = await raw(guardrail.proxyUrl, 'POST', QUERIES, body);

    expect(answered.status).toBe(200);
    expect(capsSent(upstream)).toEqual([10n << 20n, 2n * GIB]);
    await eventually(async () => expect((await decisions())[0].settlement.bytesBilled).toBe('104857600'));
  });

  test('is sent once with a cap that holds from then on, without being stopped again', async () => {
    const upstream = await billing(100n << 20n);
    const { guardrail } = await guardrailBefore(upstream);

    await raw(guardrail.proxyUrl, 'POST', QUERIES, query);
    const answered = await raw(guardrail.proxyUrl, 'POST', QUERIES, query);

    expect(answered.status).toBe(200);
    expect(capsSent(upstream)).toEqual([10n << 20n, 2n * GIB, 2n * GIB]);
  });

  test('waits for its first answer in the overhead of neither decision', async () => {
    const stopsAfterMs = 1_500;
    const upstream = await billing(100n << 20n, { stopsAfterMs });
    const { guardrail, decisions } = await guardrailBefore(upstream);

    await raw(guardrail.proxyUrl, 'POST', QUERIES, query);

    await eventually(async () => expect(await decisions()).toHaveLength(2));
    for (const { overheadMs, stepMs } of await decisions()) {
      expect(overheadMs).toBeLessThan(stopsAfterMs);
      expect(stepMs.estimate).toBeLessThan(stopsAfterMs);
    }
  });

  test('waits for places no longer in all than its queue says, though another query took the place that it had', async () => {
    const [beforeItsFirstMs, waitMs] = [3_000, 5_000];
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const upstream = await littleServer(async (response, { url, body }) => {
      if (!url.startsWith(QUERIES))
        return sendJson(response, 200, { user_email: ATENDIMENTO, statistics: { query: DRY_RUN } });
      if (body.includes('too much')) return sendJson(response, 400, { error: STOPPED });
      await ends[body.includes('before') ? 0 : 1].promise;
      sendJson(response, 200, { jobComplete: true, totalBytesBilled: '0' });
    });
    const queue = `queue: { length: 3, wait: ${waitMs / 1000} s }`;
    const policies = await folderOf({
      'one.yaml': `version: 1
teams: [{ name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }]
budgets: [{ name: one, team: atendimento, limit: 1 at once, ${queue} }]
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
    });
    const { guardrail } = await guardrailBefore(upstream, { policies });
    const ask = (name: string) =>
      raw(guardrail.proxyUrl, 'POST', QUERIES, JSON.stringify({ query: `SELECT '${name}'` }));
    const waiting = (count: number) =>
      eventually(async () => {
        const metrics = await (await fetch(`${guardrail.opsUrl}/metrics`)).text();
        expect(metrics).toContain(`guardrail_queries_waiting{budget="one"} ${count}`);
      });
    const before = ask('before');
    await eventually(async () => expect(forwarded(upstream, QUERIES)).not.toBeNull());
    const sentAt = performance.now();
    const stopped = ask('too much').then(({ json }) => ({ json, tookMs: performance.now() - sentAt }));
    await waiting(1);
    const after = ask('after');
    await waiting(2);
    await new Promise((resolve) => setTimeout(resolve, beforeItsFirstMs));

    ends[0].resolve();
    const { json, tookMs } = await stopped;
    ends[1].resolve();
    await Promise.all([before, after]);

    expect(json.error.message).toContain(`waited ${waitMs / 1000} seconds`);
    expect(tookMs).toBeLessThan(beforeItsFirstMs + waitMs);
  });

  test('is stopped once if its client has its answer by then, and from then on is one whose estimate is not exact', async () => {
    const caps: bigint[] = [];
    const stopped = { status: { state: 'DONE', errorResult: { reason: 'bytesBilledLimitExceeded' } } };
    const ended = { status: { state: 'DONE' }, statistics: { query: { totalBytesBilled: '104857600' } } };
    const answerTo = (
      method: string,
      configuration: { dryRun?: true; query: { maximumBytesBilled: string } },
    ) => {
      if (method === 'GET') return (caps.at(-1) ?? 0n) < 100n << 20n ? stopped : ended;
      if (configuration.dryRun) return { statistics: { query: DRY_RUN } };
      caps.push(BigInt(configuration.query.maximumBytesBilled));
      return { status: { state: 'RUNNING' } };
    };
    const upstream = await littleServer((response, { method, body }) => {
      const answer = answerTo(String(method), JSON.parse(body || '{}').configuration);
      const jobReference = { projectId: 'p', jobId: `job_${caps.length}`, location: 'US' };
      sendJson(response, 200, { jobReference, user_email: ATENDIMENTO, ...answer });
    });
    const { guardrail, decisions } = await guardrailBefore(upstream);
    const job = JSON.stringify({ configuration: { query: JSON.parse(query) } });
    const endsWith = (billed: string, errorReason: string | null) =>
      eventually(async () =>
        expect((await decisions())[0].settlement).toMatchObject({ bytesBilled: billed, errorReason }),
      );

    await raw(guardrail.proxyUrl, 'POST', JOBS, job);
    await endsWith('0', 'bytesBilledLimitExceeded');
    await raw(guardrail.proxyUrl, 'POST', JOBS, job);
    await endsWith('104857600', null);

    expect(caps).toEqual([10n << 20n, 2n * GIB]);
  });

  test('stays stopped if it would be billed more than that too', async () => {
    const upstream = await billing(3n * GIB);
    const { guardrail } = await guardrailBefore(upstream);

    const answered = await raw(guardrail.proxyUrl, 'POST', QUERIES, query);

    expect([answered.status, answered.json.error.errors[0].reason]).toEqual([
      400,
      'bytesBilledLimitExceeded',
    ]);
    expect(capsSent(upstream)).toEqual([10n << 20n, 2n * GIB]);
  });
});

describe('a view that a dry run says processes nothing', () => {
  test.each([
    [
      'of a database elsewhere',
      "SELECT x FROM EXTERNAL_QUERY('us.c', 'SELECT x FROM t')",
      (2n * GIB).toString(),
    ],
    ['of a table', 'SELECT x FROM `p.d.empty`', '1'],
  ])('%s runs under a cap that lets through what it may be billed, and no more', async (_which, sql, cap) => {
    const upstream = await littleServer((response, { url }) => {
      const dryRun = {
        totalBytesProcessed: '0',
        totalBytesProcessedAccuracy: 'PRECISE',
        statementType: 'SELECT',
      };
      if (url.includes('/tables/'))
        sendJson(response, 200, { type: 'VIEW', view: { query: sql, useLegacySql: false } });
      else if (url.startsWith(QUERIES)) sendJson(response, 200, { jobComplete: true, totalBytesBilled: '0' });
      else sendJson(response, 200, { user_email: ATENDIMENTO, statistics: { query: dryRun } });
    });
    const { guardrail } = await guardrailBefore(upstream);

    const view = JSON.stringify({ query: 'SELECT x FROM d.v', useLegacySql: false });
    const answered = await raw(guardrail.proxyUrl, 'POST', QUERIES, view);

    expect(answered.status).toBe(200);
    expect(forwarded(upstream, QUERIES).maximumBytesBilled).toBe(cap);
  });
});

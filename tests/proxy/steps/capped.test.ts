import { expect, test } from 'vitest';
import { createEstimates } from '../../../src/estimate/estimates.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import type { Read } from '../../../src/proxy/passage.ts';
import { readJobRequest } from '../../../src/proxy/request/job/query-job.ts';
import { trustedEstimate } from '../../../src/proxy/steps/capped.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { UNTRACED } from '../../../src/tracing/tracing.ts';
import type { SqlReading } from '../../../src/vocabulary/reading.ts';
import { asker } from '../../estimate/builders.ts';
import { PRICING, policyOf } from '../../policy/builders.ts';
import { decision } from '../../records/builders.ts';

/** @param prices lines below the pricing */
const trusting = (prices = '') =>
  policyOf({
    'a.yaml': `teams: [{ name: trusted, principals: ["ana@x.example"], estimate: { mode: capped, up_to: 12 MiB } }]\n${PRICING}${prices}`,
  });

/** What a trusted team's query is priced at without a dry run, over the table `p.d.t`, which an earlier dry run has read. */
async function trustedWith(
  sql: string,
  {
    method = 'jobs.query',
    policy = trusting(),
    reading = {},
  }: {
    readonly method?: 'jobs.query' | 'jobs.insert';
    readonly policy?: Policy;
    readonly reading?: Partial<SqlReading>;
  } = {},
) {
  const { estimate } = decision();
  if (estimate === null) throw new Error('no estimate');
  const referencedTables = [{ projectId: 'p', datasetId: 'd', tableId: 't' }];
  const estimates = createEstimates({
    dryRun: async () => ({ ...estimate, principal: 'ana@x.example', referencedTables }),
    ttlMs: 60_000,
    maxEntries: 10,
    principalOf: async () => null,
  });
  const ana = asker('ana');
  const job = { projectId: 'p', location: null, configuration: { query: { query: sql } } };
  await estimates.find({ ...job, configuration: {} }, ana);
  const query = { query: sql, useLegacySql: false };
  const body = method === 'jobs.query' ? query : { configuration: { query } };
  const request = readJobRequest(method, 'p', Buffer.from(JSON.stringify(body)));
  if (request.kind !== 'query') throw new Error('no query');
  const read: Read = {
    id: 'd-1',
    wasReadInTime: true,
    arrivedAt: 0,
    atMs: Date.now(),
    job: request.job,
    sql,
    reading: { ...readSql(sql, { projectId: 'p', defaultDataset: null }), ...reading },
    remarkLabels: {},
    asker: ana,
    gone: new AbortController().signal,
    hints: { tool: null, person: null, dashboard: null, card: null },
    policy,
    trace: UNTRACED,
  };
  return trustedEstimate(read, job, estimates)?.source ?? null;
}

test("a trusted team's query of a table that was read before is priced at the cap", async () => {
  expect(await trustedWith('SELECT a FROM d.t')).toBe('cap');
});

test('a query as a job of its own has a dry run, since its result may go into a table', async () => {
  expect(await trustedWith('SELECT a FROM d.t', { method: 'jobs.insert' })).toBeNull();
});

test('a query in a project that pays for slots, of which the cap says nothing, has a dry run', async () => {
  const onSlots = trusting('  editions: { projects: [p], per_slot_hour: { default: "0.06" } }\n');

  expect(await trustedWith('SELECT a FROM d.t', { policy: onSlots })).toBeNull();
});

test('a query whose words may mean other tables, such as one in legacy SQL, has a dry run', async () => {
  expect(await trustedWith('SELECT a FROM d.t', { reading: { reader: 'none' } })).toBeNull();
});

test.each([
  'SELECT a FROM d.never_read',
  'DELETE FROM d.t WHERE a = 1',
  'CREATE TABLE d.u AS SELECT a FROM d.t',
  'SELECT a FROM d.t; SELECT a FROM d.t',
  "SELECT a FROM d.t; EXECUTE IMMEDIATE 'SELECT 1'",
])('anything but a plain SELECT of tables that were read before has a dry run: %s', async (sql) => {
  expect(await trustedWith(sql)).toBeNull();
});

test('a query that has rows from a database elsewhere, for which the cap does not hold, has a dry run', async () => {
  expect(
    await trustedWith("SELECT t.a FROM d.t JOIN EXTERNAL_QUERY('us.c', 'SELECT 1') AS e USING (a)"),
  ).toBeNull();
});

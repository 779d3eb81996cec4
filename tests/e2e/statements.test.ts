import { afterAll, describe, expect, test } from 'vitest';
import { FINOPS, useHouse } from './guardrail.ts';
import { raw } from './raw.ts';
import { guardrailBefore, JOBS, QUERIES, warehouse } from './scripted-warehouse.ts';

/** Queries of every kind that the API accepts, with their settings. */
const KINDS: readonly (readonly [kind: string, request: Readonly<Record<string, unknown>>])[] = [
  ['a query', { query: 'SELECT a FROM d.t', useLegacySql: false }],
  ['legacy SQL by default', { query: 'SELECT a FROM [p:d.t]' }],
  ['legacy SQL', { query: '#legacySQL\nSELECT a FROM [p:d.t]', useLegacySql: true }],
  [
    'a script',
    { query: 'DECLARE x INT64 DEFAULT 1; SELECT a FROM d.t WHERE a = x; SELECT 2', useLegacySql: false },
  ],
  ['EXECUTE IMMEDIATE', { query: "EXECUTE IMMEDIATE CONCAT('SELECT * FR', 'OM d.t')", useLegacySql: false }],
  ['CALL', { query: 'CALL d.scan_everything()', useLegacySql: false }],
  [
    'EXPORT DATA',
    {
      query: "EXPORT DATA OPTIONS (uri = 'gs://b/*', format = 'CSV') AS SELECT a FROM d.t",
      useLegacySql: false,
    },
  ],
  [
    'CREATE MODEL',
    {
      query: "CREATE MODEL d.m OPTIONS (model_type = 'linear_reg') AS SELECT a FROM d.t",
      useLegacySql: false,
    },
  ],
  ['CREATE TABLE AS', { query: 'CREATE TABLE d.u AS SELECT a FROM d.t', useLegacySql: false }],
  ['MERGE', { query: 'MERGE d.u USING d.t ON u.a = t.a WHEN MATCHED THEN DELETE', useLegacySql: false }],
  [
    'a materialized view',
    {
      query: 'CREATE MATERIALIZED VIEW d.mv AS SELECT a, COUNT(b) AS n FROM d.t GROUP BY a',
      useLegacySql: false,
    },
  ],
  ['a table function', { query: 'SELECT a FROM d.everything(1)', useLegacySql: false }],
  [
    'a wildcard table',
    { query: "SELECT a FROM `p.d.events_*` WHERE _TABLE_SUFFIX > '2026'", useLegacySql: false },
  ],
  ['EXTERNAL_QUERY', { query: "SELECT * FROM EXTERNAL_QUERY('p.us.c', 'SELECT 1')", useLegacySql: false }],
  [
    'a new session',
    { query: 'CREATE TEMP TABLE t AS SELECT a FROM d.t', useLegacySql: false, createSession: true },
  ],
  [
    'a session',
    {
      query: 'SELECT a FROM tmp',
      useLegacySql: false,
      connectionProperties: [{ key: 'session_id', value: 's' }],
    },
  ],
  [
    'parameters',
    {
      query: 'SELECT a FROM d.t WHERE a = @a',
      useLegacySql: false,
      parameterMode: 'NAMED',
      queryParameters: [{ name: 'a', parameterType: { type: 'INT64' }, parameterValue: { value: '1' } }],
    },
  ],
  ['pipe syntax', { query: 'FROM d.t |> WHERE a > 1 |> SELECT a', useLegacySql: false }],
];

/** Fields without influence on the price: guardrail sets them itself. */
const NOT_PRICED = ['maximumBytesBilled', 'labels'];

function priced(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(query).filter(([field]) => !NOT_PRICED.includes(field)));
}

/**
 * Queries of which this dry run cannot know what they are billed: rows come from elsewhere, or neither it nor a parser says that
 * they are a single statement.
 */
const INEXACT = [
  ...['EXTERNAL_QUERY', 'legacy SQL by default', 'legacy SQL'],
  ...['a script', 'EXECUTE IMMEDIATE', 'CALL', 'CREATE MODEL'],
];

/** What the dry run says, or what the example policies reserve for an inexact query. */
function capOf(kind: string): string {
  return INEXACT.includes(kind) ? String(2n << 30n) : '10485760';
}

describe('what runs is what was priced by the dry run, for each kind of query', () => {
  /** What a request makes guardrail send, one request after the other through one guardrail. */
  async function sender() {
    const upstream = await warehouse({ totalBytesProcessed: '1', totalBytesProcessedAccuracy: 'PRECISE' });
    const { guardrail } = await guardrailBefore(upstream);
    return async (path: string, body: object) => {
      const before = upstream.seen.length;
      const answer = await raw(guardrail.proxyUrl, 'POST', path, JSON.stringify(body));
      const sent = upstream.seen.slice(before).filter((one) => one.method === 'POST');
      return { answer, sent: sent.map((one) => JSON.parse(one.body)) };
    };
  }

  test('by jobs.query', async () => {
    const send = await sender();

    for (const [kind, request] of KINDS) {
      const { answer, sent } = await send(QUERIES, request);

      const [dryRun, run, ...others] = sent;
      expect(answer.status, kind).toBe(200);
      expect(others, kind).toEqual([]);
      expect(dryRun.configuration, kind).toMatchObject({ dryRun: true });
      expect(dryRun.configuration.query, kind).toEqual(priced(run));
      expect(run, kind).toMatchObject({
        ...request,
        maximumBytesBilled: capOf(kind),
        labels: { guardrail_team: 'atendimento' },
      });
    }
  });

  test('by jobs.insert', async () => {
    const send = await sender();

    for (const [index, [kind, request]] of KINDS.entries()) {
      const jobReference = { jobId: `j${index}`, location: 'EU' };
      const configuration = { query: request, jobTimeoutMs: '1000', reservation: 'none' };
      const { answer, sent } = await send(JOBS, { configuration, jobReference });

      const [dryRun, run] = sent;
      expect(answer.status, kind).toBe(200);
      expect(dryRun.jobReference, kind).toEqual({ projectId: 'p', location: 'EU' });
      const { labels: _labels, query: sentQuery, ...sentRest } = run.configuration;
      const { maximumBytesBilled, ...sentPriced } = sentQuery;
      expect(dryRun.configuration, kind).toEqual({ ...sentRest, query: sentPriced, dryRun: true });
      expect(maximumBytesBilled, kind).toBe(capOf(kind));
      expect(run.jobReference, kind).toEqual(jobReference);
    }
  });
});

describe('what hides a scan does not hide it from the rules:', () => {
  const house = useHouse({ sandbox: { messages: 3000 } });
  const ask = (sql: string) =>
    raw(
      house.guardrail().proxyUrl,
      'POST',
      '/bigquery/v2/projects/guardrail-demo/queries',
      JSON.stringify({ query: sql, useLegacySql: false }),
    );
  afterAll(async () => {
    await house.direct().query('DROP VIEW IF EXISTS atendimento.innocent');
  });

  test('a view over the whole table', async () => {
    await house
      .direct(FINOPS)
      .query('CREATE VIEW atendimento.innocent AS SELECT * FROM atendimento.messages');

    const answer = await ask('SELECT * FROM atendimento.innocent');

    expect(answer.json.error.message).toContain('no-star-over-messages');
  });

  test('CREATE TABLE AS, CREATE VIEW, INSERT or MERGE from the whole table', async () => {
    for (const sql of [
      'CREATE TABLE atendimento.copy AS SELECT * FROM atendimento.messages',
      'CREATE VIEW atendimento.another AS SELECT * FROM atendimento.messages',
      'INSERT INTO atendimento.legacy_messages_export SELECT * FROM atendimento.messages',
      'MERGE atendimento.tickets AS t USING (SELECT * FROM atendimento.messages) AS m ON t.ticket_id = m.ticket_id WHEN MATCHED THEN DELETE',
    ]) {
      expect((await ask(sql)).text, sql).toContain('no-star-over-messages');
    }
  });

  test('a row taken whole in place of a star', async () => {
    for (const sql of [
      'SELECT x.* FROM atendimento.messages AS m, UNNEST([m]) AS x',
      "SELECT COUNT(*) FROM atendimento.messages AS m WHERE TO_JSON_STRING(m) LIKE '%a%'",
    ]) {
      expect((await ask(sql)).text, sql).toContain('no-star-over-messages');
    }
  });

  test('scripts, CALL, EXECUTE IMMEDIATE and wildcards that the warehouse cannot price do not run', async () => {
    const before = (await house.direct().getJobs({ allUsers: true }))[0].length;

    for (const sql of [
      'SELECT 1; SELECT * FROM atendimento.messages',
      'CALL d.p()',
      "EXECUTE IMMEDIATE 'SELECT * FROM atendimento.messages'",
      'SELECT * FROM `guardrail-demo.atendimento.messages_*`',
    ]) {
      expect((await ask(sql)).status, sql).toBeGreaterThanOrEqual(400);
    }

    expect((await house.direct().getJobs({ allUsers: true }))[0]).toHaveLength(before);
  });
});

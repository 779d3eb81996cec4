import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { post, useHouse } from './guardrail.ts';
import { settlementsOf } from './settlements.ts';

const house = useHouse();

const queries = () => `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`;

/** The job of an admitted decision, as the warehouse records it. */
async function jobOf(decisionId: string | null) {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  const job = jobs.find((one) => one.metadata.configuration.labels?.guardrail_decision === decisionId);
  if (job === undefined) throw new Error(`no job carries the decision ${decisionId}`);
  return job.metadata;
}

describe('a forwarded query', () => {
  test('carries a cap, and labels in addition to the client’s own', async () => {
    const answer = await post(
      queries(),
      JSON.stringify({
        query: 'SELECT channel FROM atendimento.tickets',
        useLegacySql: false,
        labels: { dashboard: 'fila' },
      }),
    );

    const { configuration } = await jobOf(answer.headers.get('x-guardrail-decision-id'));
    expect(configuration.labels).toEqual({
      dashboard: 'fila',
      guardrail_team: 'atendimento',
      guardrail_decision: answer.headers.get('x-guardrail-decision-id'),
    });
    expect(configuration.query.maximumBytesBilled).toBe('10485760');
  });

  test('may have 63 labels of the client’s own, and is refused with as many as BigQuery accepts', async () => {
    const ask = (count: number) => {
      const labels = Object.fromEntries(Array.from({ length: count }, (_, n) => [`own-${n}`, 'x']));
      return post(queries(), JSON.stringify({ query: 'SELECT 63 AS a', useLegacySql: false, labels }));
    };

    expect((await ask(63)).body.rows).toEqual([{ f: [{ v: '63' }] }]);
    expect((await ask(64)).status).toBe(400);
  });

  test('is sent once if a cap of the client’s own stops it, though its price was remembered', async () => {
    const query = 'SELECT status FROM atendimento.tickets';
    const ask = () =>
      post(queries(), JSON.stringify({ query, useLegacySql: false, maximumBytesBilled: '1' }));

    const answers = [await ask(), await ask()];

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    const { decisions } = await house.ops('/api/v1/decisions?limit=3');
    const own = decisions.filter((one: { sql: string }) => one.sql === query);
    expect(own.map((one: { estimateCached: boolean }) => one.estimateCached)).toEqual([true, false]);
  });

  test('has Metabase’s remark turned into labels, so that one person’s card is cached for the next', async () => {
    const remark = (user: number) => `-- Metabase:: userID: ${user} queryType: MBQL queryHash: 0a1b\n`;
    const sql = 'SELECT priority, COUNT(*) AS n FROM atendimento.tickets GROUP BY priority';

    const first = await post(queries(), JSON.stringify({ query: remark(1) + sql, useLegacySql: false }));
    const second = await post(queries(), JSON.stringify({ query: remark(2) + sql, useLegacySql: false }));

    const job = await jobOf(first.headers.get('x-guardrail-decision-id'));
    await settlementsOf(house, 2);
    const record = await house.ops(`/api/v1/decisions/${second.headers.get('x-guardrail-decision-id')}`);
    expect(first.body.cacheHit).toBe(false);
    expect(second.body).toMatchObject({ cacheHit: true, totalBytesBilled: '0', rows: first.body.rows });
    expect(job.configuration.query.query).toBe(sql);
    expect(Object.values(job.configuration.labels)).toContain('1');
    expect(record.caller).toMatchObject({ tool: 'metabase', person: '2' });
    expect(record.settlement).toMatchObject({ bytesBilled: '0', cacheHit: true });
  });
});

test('identical queries that arrive together share one dry run, and the same query later needs none', async () => {
  const body = JSON.stringify({
    query: 'SELECT status, COUNT(*) AS n FROM atendimento.tickets GROUP BY status',
    useLegacySql: false,
    useQueryCache: false,
  });
  await post(queries(), JSON.stringify({ query: 'SELECT 1', useLegacySql: false }));
  const before = (await house.metric('guardrail_dry_run_seconds_count')) ?? 0;

  const answers = await Promise.all(Array.from({ length: 8 }, () => post(queries(), body)));
  await post(queries(), body);

  expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
  expect((await house.metric('guardrail_dry_run_seconds_count')) ?? 0).toBe(before + 1);
});

test('a query over a table that grew since its remembered estimate is priced and sent again, unseen by the client', async () => {
  const direct = house.direct();
  await direct.query("CREATE TABLE atendimento.growing AS SELECT 1 AS a, 'x' AS text");
  const body = JSON.stringify({ query: 'SELECT text FROM atendimento.growing', useLegacySql: false });
  await post(queries(), body);
  await direct.query(
    "INSERT INTO atendimento.growing (a, text) SELECT message_id, REPEAT('y', 400) FROM atendimento.messages",
  );

  const warned = vi.spyOn(process, 'emitWarning');
  onTestFinished(() => warned.mockRestore());

  const answer = await post(queries(), body);

  const settlements = await settlementsOf(house, 2);
  expect(warned).not.toHaveBeenCalled();
  expect(answer.body.totalRows).toBe('60001');
  expect(BigInt(answer.body.totalBytesBilled)).toBeGreaterThan(20n << 20n);
  expect(settlements).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        source: 'not run',
        errorReason: 'bytesBilledLimitExceeded',
        bytesBilled: '0',
      }),
      expect.objectContaining({ source: 'response', bytesBilled: answer.body.totalBytesBilled }),
    ]),
  );
  await direct.query('DROP TABLE atendimento.growing');
});

test('a dry run by the client itself costs nothing and leaves no decision', async () => {
  const before = (await house.ops('/api/v1/decisions?limit=1000')).decisions.length;

  const [job] = await house
    .client()
    .createQueryJob({ query: 'SELECT * FROM atendimento.messages', dryRun: true });

  expect(Number(job.metadata.statistics.totalBytesProcessed)).toBeGreaterThan(0);
  expect((await house.ops('/api/v1/decisions?limit=1000')).decisions.length).toBe(before);
});

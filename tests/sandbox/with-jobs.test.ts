import { expect, test } from 'vitest';
import type { JobRecord } from '../../src/sandbox/warehouse.ts';
import { PROJECT, useWarehouse } from './warehouse.ts';

const { opened, plan } = useWarehouse(600);
const VIEW = '`region-us`.INFORMATION_SCHEMA.JOBS';

function job(n: number, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    projectId: PROJECT,
    jobId: `job_${n}`,
    userEmail: 'ana@guardrail-demo.example',
    creationTimeMs: Date.parse('2026-10-31T00:00:00Z') + n,
    startTimeMs: Date.parse('2026-10-31T00:00:00Z') + n,
    endTimeMs: Date.parse('2026-10-31T00:00:01Z') + n,
    state: 'DONE',
    query: `SELECT ${n}`,
    priority: 'INTERACTIVE',
    statementType: 'SELECT',
    totalBytesProcessed: 1n,
    totalBytesBilled: BigInt(n),
    totalSlotMs: 1n,
    cacheHit: false,
    error: null,
    destinationTable: null,
    referencedTables: [],
    labels: {},
    ...changes,
  };
}

function* jobs(count: number): Iterable<JobRecord> {
  for (let n = 0; n < count; n += 1) yield job(n);
}

async function rows(
  sql: string,
  records: Iterable<JobRecord>,
  signal = new AbortController().signal,
): Promise<readonly (readonly unknown[])[]> {
  const result = await opened().run(await plan(sql), signal, records);
  return result.page(0, 1000, { useInt64Timestamp: true }).map((row) => row.f.map((cell) => cell.v));
}

test('all jobs that the sandbox remembers are read in chunks, each once', async () => {
  const sql = `SELECT COUNT(*), COUNT(DISTINCT job_id), SUM(total_bytes_billed) FROM ${VIEW}`;

  const found = await rows(sql, jobs(100_000));

  expect(found).toEqual([['100000', '100000', '4999950000']]);
}, 60_000);

test('queries at the same time each see their own jobs, and leave none behind', async () => {
  const sql = `SELECT COUNT(*) FROM ${VIEW}`;

  const found = await Promise.all([1, 5000, 3].map((count) => rows(sql, jobs(count))));
  const after = await rows(sql, []);

  expect([...found, after]).toEqual([[['1']], [['5000']], [['3']], [['0']]]);
});

test('a query that fails, or is stopped while the jobs are written, leaves none behind', async () => {
  const stopping = new AbortController();
  function* untilStopped(): Iterable<JobRecord> {
    yield* jobs(10_000);
    stopping.abort();
    yield* jobs(10_000);
  }

  const failed = rows(`SELECT 1 / total_bytes_billed FROM ${VIEW}`, jobs(10));
  const stopped = rows(`SELECT job_id FROM ${VIEW}`, untilStopped(), stopping.signal);

  // Together: the one that is stopped may end first, and a rejection that nobody awaits fails the whole run.
  await Promise.all([
    expect(failed).rejects.toMatchObject({ reason: 'invalidQuery' }),
    expect(stopped).rejects.toMatchObject({ name: 'AbortError' }),
  ]);
  expect(await rows(`SELECT COUNT(*) FROM ${VIEW}`, [])).toEqual([['0']]);
});

test('jobs are not read for a query that does not name the view', async () => {
  const unread: Iterable<JobRecord> = {
    [Symbol.iterator]: () => {
      throw new Error('read');
    },
  };

  const found = await rows('SELECT COUNT(*) > 0 FROM atendimento.INFORMATION_SCHEMA.TABLES', unread);

  expect(found).toEqual([['true']]);
});

test('tables can be filled from the jobs, and a view over the jobs shows them as of when it is read', async () => {
  await rows(`CREATE TABLE atendimento.history AS SELECT job_id FROM ${VIEW}`, jobs(2));
  await rows(`INSERT INTO atendimento.history SELECT job_id FROM ${VIEW}`, [job(7)]);
  await rows(`CREATE VIEW atendimento.spend AS SELECT SUM(total_bytes_billed) AS bytes FROM ${VIEW}`, []);

  const history = await rows('SELECT job_id FROM atendimento.history ORDER BY job_id', []);
  const spend = await rows('SELECT bytes FROM atendimento.spend', [job(40), job(2)]);
  const { cacheable, referencedTables } = await plan('SELECT bytes FROM atendimento.spend');

  expect(history).toEqual([['job_0'], ['job_1'], ['job_7']]);
  expect(spend).toEqual([['42']]);
  expect(cacheable).toBe(false);
  expect(referencedTables).toEqual([
    { projectId: PROJECT, datasetId: 'region-us', tableId: 'INFORMATION_SCHEMA.JOBS' },
  ]);
});

test.each([
  ['by name alone', `SELECT (SELECT value FROM UNNEST(labels) WHERE key = 'team') FROM ${VIEW}`],
  ['by an alias', `SELECT (SELECT l.value FROM UNNEST(labels) AS l WHERE l.key = 'team') FROM ${VIEW}`],
  ['by both', `SELECT (SELECT value FROM UNNEST(j.labels) l WHERE l.key = 'team') FROM ${VIEW} AS j`],
  ['joined', `SELECT value FROM ${VIEW} LEFT JOIN UNNEST(labels) ON key = 'team' ORDER BY job_id`],
  [
    'of a common table expression',
    `WITH j AS (SELECT job_id, labels FROM ${VIEW}) SELECT (SELECT value FROM UNNEST(labels) WHERE key = 'team') FROM j`,
  ],
])('fields of records in arrays are found: %s', async (_what, sql) => {
  const found = await rows(sql, [job(1, { labels: { other: 'x', team: 'atendimento' } }), job(2)]);

  expect(found).toEqual([['atendimento'], [null]]);
});

test('arrays of records can be joined', async () => {
  const referencedTables = ['tickets', 'messages'].map((tableId) => ({
    projectId: PROJECT,
    datasetId: 'atendimento',
    tableId,
  }));

  const found = await rows(
    `SELECT t.table_id, dataset_id, SUM(total_bytes_billed) FROM ${VIEW}, UNNEST(referenced_tables) AS t
     WHERE EXISTS (SELECT 1 FROM UNNEST(labels) WHERE key = 'team') GROUP BY 1, 2 ORDER BY 1`,
    [job(5, { referencedTables, labels: { team: 'a' } }), job(6, { referencedTables })],
  );

  expect(found).toEqual([
    ['messages', 'atendimento', '5'],
    ['tickets', 'atendimento', '5'],
  ]);
});

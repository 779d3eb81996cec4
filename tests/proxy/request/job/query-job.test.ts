import { describe, expect, test } from 'vitest';
import { refusal } from './job-refusal.ts';
import { fullInsert, fullQuery, queryIn, queryInText, read } from './job-requests.ts';

const SOURCE = { projectId: 'p', datasetId: 'd', tableId: 'source' };

describe('a query by jobs.query', () => {
  test('is read with all the fields that decisions depend on', () => {
    const job = queryIn('jobs.query', fullQuery);

    expect(job).toEqual({
      method: 'jobs.query',
      projectId: 'guardrail-demo',
      sql: 'SELECT 1',
      location: 'southamerica-east1',
      defaultDataset: { projectId: 'other', datasetId: 'atendimento' },
      destination: null,
      labels: { tool: 'metabase' },
      clientCap: 1000n,
      body: fullQuery,
    });
  });

  test('needs only its SQL', () => {
    expect(queryIn('jobs.query', { query: 'SELECT 1', defaultDataset: null })).toMatchObject({
      location: null,
      defaultDataset: null,
      labels: {},
      clientCap: null,
    });
  });

  test('is read as the client’s own dry run if dryRun is true, with its body unchanged', () => {
    const body = { query: 'SELECT 1', dryRun: true };

    expect(read('jobs.query', body)).toEqual({ kind: 'dry run', body });
    expect(read('jobs.query', { ...body, dryRun: false }).kind).toBe('query');
  });
});

describe('a job by jobs.insert', () => {
  test('is read with all the fields that decisions depend on', () => {
    const job = queryIn('jobs.insert', fullInsert);

    expect(job).toEqual({
      method: 'jobs.insert',
      projectId: 'guardrail-demo',
      sql: 'SELECT 1',
      location: 'southamerica-east1',
      defaultDataset: { datasetId: 'atendimento' },
      destination: { projectId: 'guardrail-demo', datasetId: 'd', tableId: 't' },
      labels: { tool: 'dbt' },
      clientCap: 2000n,
      body: fullInsert,
    });
  });

  test('may be one that its client got from BigQuery, with the fields that are BigQuery’s own', () => {
    const body = {
      kind: 'bigquery#job',
      id: 'guardrail-demo:US.job_1',
      user_email: 'ana@x.example',
      principal_subject: 'user:ana@x.example',
      status: { state: 'DONE' },
      statistics: { reservation_id: 'r' },
      configuration: { jobType: 'QUERY', query: { query: 'SELECT 1' } },
    };

    expect(queryIn('jobs.insert', body)).toMatchObject({ sql: 'SELECT 1', body });
  });

  test('is read as the client’s own dry run if dryRun is true, whatever kind of job it is', () => {
    for (const configuration of [{ query: { query: 'SELECT 1' }, dryRun: true }]) {
      expect(read('jobs.insert', { configuration })).toEqual({ kind: 'dry run', body: { configuration } });
    }
  });

  test.each([
    ['load', {}, { projectId: 'p', datasetId: 'd', tableId: 't' }, []],
    ['copy', { sourceTables: [SOURCE, {}] }, { projectId: 'p', datasetId: 'd', tableId: 't' }, [SOURCE]],
    ['extract', { sourceTable: SOURCE }, null, [SOURCE]],
  ])('is read as a job without SQL if it is a %s job', (type, from, destination, sources) => {
    const body = {
      configuration: {
        [type]: { a: 1, ...from, ...(destination === null ? {} : { destinationTable: destination }) },
        labels: { team: 'x' },
      },
    };

    expect(read('jobs.insert', body)).toEqual({
      kind: 'other job',
      job: {
        jobType: type.toUpperCase(),
        projectId: 'guardrail-demo',
        sources,
        destination,
        labels: { team: 'x' },
        body,
      },
    });
  });

  test('is refused if it has no query, load, copy or extract', () => {
    expect(() => read('jobs.insert', { configuration: {} })).toThrow('no query, load, copy or extract');
  });

  test.each(['load', 'copy', 'extract'])(
    'is a job that runs if it is a dry run of a %s job, which the API leaves undefined',
    (type) => {
      expect(read('jobs.insert', { configuration: { [type]: {}, dryRun: true } }).kind).toBe('other job');
    },
  );

  test('is a query if it has SQL, whatever job type it claims', () => {
    const configuration = { jobType: 'COPY', copy: null, query: { query: 'SELECT 1' } };

    expect(read('jobs.insert', { configuration }).kind).toBe('query');
  });
});

describe("the client's cap", () => {
  const capOf = (cap: string) =>
    queryInText('jobs.query', `{"query":"SELECT 1","maximumBytesBilled":${cap}}`).clientCap;

  test('is a number or a string with a number', () => {
    expect([capOf('"12"'), capOf('12'), capOf('1')]).toEqual([12n, 12n, 1n]);
  });

  test('is null if it is zero or negative, as some clients write for "no cap"', () => {
    expect(['0', '"0"', '-1', '"-1"', '-9007199254740993'].map(capOf)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test('is exact beyond 2^53, as a string and as a number', () => {
    expect(capOf('"9007199254740993"')).toBe(9007199254740993n);
    expect(capOf('9007199254740993')).toBe(9007199254740993n);
    expect(capOf('9223372036854775807')).toBe(9223372036854775807n);
  });

  test.each(['1.5', '"1.5"', '"--1"', '"much"', 'true', '{}', '[]', '[5]', '{"rawJSON":"5"}', '1e400'])(
    'is refused if it is %s',
    (cap) => {
      const { status, reason, message } = refusal(() => capOf(cap));

      expect([status, reason]).toEqual([400, 'invalid']);
      expect(message).toContain('maximumBytesBilled: ');
    },
  );
});

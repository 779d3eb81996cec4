import { describe, expect, test } from 'vitest';
import { refusal } from './job-refusal.ts';
import { fullInsert, fullQuery, queryIn, queryInText, read } from './job-requests.ts';

const SOURCE = { projectId: 'p', datasetId: 'd', tableId: 'source' };

describe('a query by jobs.query', () => {
  test('is read with all that the guard judges by', () => {
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

  test('needs its text alone', () => {
    expect(queryIn('jobs.query', { query: 'SELECT 1', defaultDataset: null })).toMatchObject({
      location: null,
      defaultDataset: null,
      labels: {},
      clientCap: null,
    });
  });

  test('is the client’s own where it is a dry run, and is sent as it came', () => {
    const body = { query: 'SELECT 1', dryRun: true };

    expect(read('jobs.query', body)).toEqual({ kind: 'dry run', body });
    expect(read('jobs.query', { ...body, dryRun: false }).kind).toBe('query');
  });
});

describe('a job by jobs.insert', () => {
  test('is read with all that the guard judges by', () => {
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

  test('is the client’s own dry run where it says so, whatever it holds', () => {
    for (const configuration of [
      { query: { query: 'SELECT 1' }, dryRun: true },
      { copy: {}, dryRun: true },
    ]) {
      expect(read('jobs.insert', { configuration })).toEqual({ kind: 'dry run', body: { configuration } });
    }
  });

  test.each([
    ['load', {}, { projectId: 'p', datasetId: 'd', tableId: 't' }, []],
    ['copy', { sourceTables: [SOURCE, {}] }, { projectId: 'p', datasetId: 'd', tableId: 't' }, [SOURCE]],
    ['extract', { sourceTable: SOURCE }, null, [SOURCE]],
  ])('is another job where it is a %s', (type, from, destination, sources) => {
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

  test('is refused where it is no job at all', () => {
    expect(() => read('jobs.insert', { configuration: {} })).toThrow('no query, load, copy or extract');
  });

  test('is a query where there is SQL, whatever else it says it is', () => {
    const configuration = { jobType: 'COPY', copy: {}, query: { query: 'SELECT 1' } };

    expect(read('jobs.insert', { configuration }).kind).toBe('query');
  });
});

describe("the client's cap", () => {
  const capOf = (cap: string) =>
    queryInText('jobs.query', `{"query":"SELECT 1","maximumBytesBilled":${cap}}`).clientCap;

  test('is a number or its text', () => {
    expect([capOf('"12"'), capOf('12'), capOf('1')]).toEqual([12n, 12n, 1n]);
  });

  test('is none where it is less than a byte, as clients write that none is set', () => {
    expect(['0', '"0"', '-1', '"-1"', '-9007199254740993'].map(capOf)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test('is exact beyond 2^53, as text and as a number', () => {
    expect(capOf('"9007199254740993"')).toBe(9007199254740993n);
    expect(capOf('9007199254740993')).toBe(9007199254740993n);
    expect(capOf('9223372036854775807')).toBe(9223372036854775807n);
  });

  test.each(['1.5', '"1.5"', '"--1"', '"much"', 'true', '{}', '[]', '[5]', '{"rawJSON":"5"}', '1e400'])(
    'is not %s',
    (cap) => {
      const { status, reason, message } = refusal(() => capOf(cap));

      expect([status, reason]).toEqual([400, 'invalid']);
      expect(message).toContain('maximumBytesBilled: ');
    },
  );
});

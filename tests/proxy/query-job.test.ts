import { describe, expect, test } from 'vitest';
import { readJobRequest } from '../../src/proxy/query-job.ts';
import { BadRequest } from '../../src/proxy/stop.ts';
import { fullInsert, fullQuery, type Method, queryIn, queryInText, read, readText } from './job-requests.ts';

/** What a body that cannot be read is answered. */
function refusal(reading: () => unknown): { status: number; reason: string; message: string } {
  try {
    reading();
  } catch (error) {
    if (error instanceof BadRequest && error.answer.from === 'guardrail') return error.answer.content;
    throw error;
  }
  throw new Error('the body was read');
}

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

describe('a body that is not taken', () => {
  test.each([
    ['jobs.query', { query: 'SELECT 1', use_legacy_sql: true }, 'use_legacy_sql'],
    ['jobs.query', { query: 'SELECT 1', dry_run: true }, 'dry_run'],
    ['jobs.query', { query: 'SELECT 1', maximum_bytes_billed: '9' }, 'maximum_bytes_billed'],
    ['jobs.insert', { job_reference: {}, configuration: {} }, 'job_reference'],
    [
      'jobs.insert',
      { configuration: { query: { query: 'SELECT 1' }, dry_run: true } },
      'configuration.dry_run',
    ],
    ['jobs.insert', { configuration: { copy: {}, job_type: 'QUERY' } }, 'configuration.job_type'],
    [
      'jobs.insert',
      { configuration: { query: { query: 'SELECT 1', default_dataset: {} } } },
      'configuration.query.default_dataset',
    ],
    ['jobs.query', { query: 'SELECT 1', defaultDataset: { dataset_id: 'd' } }, 'defaultDataset.dataset_id'],
    [
      'jobs.insert',
      {
        configuration: { query: { query: 'SELECT 1', defaultDataset: { datasetId: 'd', project_id: 'p' } } },
      },
      'configuration.query.defaultDataset.project_id',
    ],
    [
      'jobs.insert',
      { configuration: { query: { query: 'SELECT 1', destinationTable: { table_id: 't' } } } },
      'configuration.query.destinationTable.table_id',
    ],
    [
      'jobs.insert',
      { jobReference: { job_id: 'j' }, configuration: { query: { query: 'SELECT 1' } } },
      'jobReference.job_id',
    ],
    [
      'jobs.insert',
      { configuration: { copy: { sourceTables: [{ tableId: 't' }, { table_id: 'u' }] } } },
      'configuration.copy.sourceTables.table_id',
    ],
    ['jobs.insert', { configuration: { load: { source_uris: [] } } }, 'configuration.load.source_uris'],
  ] as const)('says by another name what is judged by its own: %s %j', (method, body, field) => {
    expect(refusal(() => read(method, body))).toEqual({
      status: 400,
      reason: 'invalid',
      message: `${field}: field names are taken in lowerCamelCase only, as the API documents them.`,
    });
  });

  test.each([
    ['jobs.query', (query: string) => ({ query })],
    ['jobs.insert', (query: string) => ({ configuration: { query: { query } } })],
  ] as const)('of SQL longer than any that the warehouse takes: %s', (method, bodyOf) => {
    const most = `SELECT '${'x'.repeat((2 << 20) - 9)}'`;

    expect(queryIn(method, bodyOf(most)).sql).toBe(most);
    expect(refusal(() => read(method, bodyOf(`${most} `)))).toMatchObject({
      status: 400,
      message: expect.stringContaining('too large'),
    });
  });

  test('takes underscores in the names of labels and parameters, which are no fields', () => {
    const labels = { guardrail_person: 'ana' };

    expect(queryIn('jobs.query', { query: 'SELECT 1', labels }).labels).toEqual(labels);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['broken JSON', Buffer.from('{"query": "SELECT 1"')],
    ['two values', Buffer.from('{"query":"SELECT 1"}{}')],
    ['UTF-16', Buffer.from('{"query":"SELECT 1"}', 'utf16le')],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"query":"SELECT 1"}', 'utf16le')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff{"query":"SELECT 1"}')],
    ['Latin-1', Buffer.from('{"query":"SELECT \'é\'"}', 'latin1')],
  ])('is no JSON in UTF-8: %s', (_what, bytes) => {
    const { status, reason, message } = refusal(() => readJobRequest('jobs.query', 'p', bytes));

    expect([status, reason]).toEqual([400, 'parseError']);
    expect(message).toMatch(/^The request's body is not JSON in UTF-8: ./);
  });

  test.each(['[]', 'null', '"SELECT 1"', '1'])('is no object: %s', (text) => {
    expect(refusal(() => readText('jobs.query', text))).toEqual({
      status: 400,
      reason: 'parseError',
      message: "The request's body is not a JSON object.",
    });
  });

  test.each([
    ['jobs.query', {}, 'query: expected the SQL text'],
    ['jobs.query', { query: ['SELECT 1'] }, 'query: expected the SQL text'],
    ['jobs.query', { query: 'SELECT 1', dryRun: 'true' }, 'dryRun: '],
    ['jobs.query', { query: 'SELECT 1', labels: { a: 1 } }, 'labels.a: '],
    ['jobs.query', { query: 'SELECT 1', location: 7 }, 'location: '],
    ['jobs.query', { query: 'SELECT 1', defaultDataset: 'd' }, 'defaultDataset: '],
    ['jobs.query', { query: 'SELECT 1', defaultDataset: {} }, 'defaultDataset.datasetId: '],
    ['jobs.insert', {}, 'configuration: '],
    ['jobs.insert', { configuration: [] }, 'configuration: '],
    ['jobs.insert', { configuration: { query: 'SELECT 1' } }, 'configuration.query: '],
    ['jobs.insert', { configuration: { query: {} } }, 'configuration.query.query: expected the SQL text'],
    ['jobs.insert', { jobReference: 'j', configuration: {} }, 'jobReference: '],
  ] as const)('is of another shape than the API documents: %s %j', (method, body, problem) => {
    const { status, reason, message } = refusal(() => read(method, body));

    expect([status, reason]).toEqual([400, 'invalid']);
    expect(message).toContain(`The request is not what the API documents. ${problem}`);
  });

  test('is told every problem at once', () => {
    const { message } = refusal(() => read('jobs.query', { query: 1, dryRun: 'no', location: {} }));

    expect(message).toMatch(/query: .*; dryRun: .*; location: /);
  });
});

test.each<Method>(['jobs.query', 'jobs.insert'])(
  'a project by its number, which no budget knows it by, is refused by %s',
  (method) => {
    const body = Buffer.from('{"query": "SELECT 1", "configuration": {"query": {"query": "SELECT 1"}}}');

    expect(refusal(() => readJobRequest(method, '123456789012', body))).toMatchObject({
      status: 400,
      message: expect.stringContaining('ID'),
    });
  },
);

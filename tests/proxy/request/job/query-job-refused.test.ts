import { describe, expect, test } from 'vitest';
import { readJobRequest } from '../../../../src/proxy/request/job/query-job.ts';
import { refusal } from './job-refusal.ts';
import { type Method, queryIn, read, readText } from './job-requests.ts';

describe('the body of a job', () => {
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
    [
      'jobs.insert',
      { configuration: { user_email: 'ana', query: { query: 'SELECT 1' } } },
      'configuration.user_email',
    ],
    ['jobs.query', { query: 'SELECT 1', user_email: 'ana' }, 'user_email'],
  ] as const)('is refused if a field has a snake_case name: %s %j', (method, body, field) => {
    expect(refusal(() => read(method, body))).toEqual({
      status: 400,
      reason: 'invalid',
      message: `${field}: field names are taken in lowerCamelCase only, as the API documents them.`,
    });
  });

  test.each([
    ['jobs.query', (query: string) => ({ query })],
    ['jobs.insert', (query: string) => ({ configuration: { query: { query } } })],
  ] as const)('is refused if its SQL is longer than the warehouse accepts: %s', (method, bodyOf) => {
    const most = `SELECT '${'x'.repeat((2 << 20) - 9)}'`;

    expect(queryIn(method, bodyOf(most)).sql).toBe(most);
    expect(refusal(() => read(method, bodyOf(`${most} `)))).toMatchObject({
      status: 400,
      message: expect.stringContaining('too large'),
    });
  });

  test.each([
    ['jobs.query', (continuous: boolean | null) => ({ query: 'SELECT 1', continuous })],
    [
      'jobs.insert',
      (continuous: boolean | null) => ({ configuration: { query: { query: 'SELECT 1', continuous } } }),
    ],
  ] as const)('is refused if its query is continuous, which never ends: %s', (method, bodyOf) => {
    expect(queryIn(method, bodyOf(false)).sql).toBe('SELECT 1');
    expect(queryIn(method, bodyOf(null)).sql).toBe('SELECT 1');
    expect(refusal(() => read(method, bodyOf(true)))).toMatchObject({
      status: 400,
      message: expect.stringContaining('does not end'),
    });
  });

  test.each([
    ['jobs.query', (query: string) => ({ query })],
    ['jobs.insert', (query: string) => ({ configuration: { query: { query } } })],
  ] as const)('is refused if it buys capacity, which nothing prices: %s', (method, bodyOf) => {
    expect(queryIn(method, bodyOf('SELECT reservation FROM hotel.bookings')).sql).toContain('hotel');
    expect(
      refusal(() =>
        read(method, bodyOf('SELECT 1; CREATE CAPACITY `a.region-us.c` OPTIONS (slot_count = 100)')),
      ),
    ).toMatchObject({ status: 400, message: expect.stringContaining('CREATE CAPACITY buys capacity') });
  });

  test.each([
    [{ query: { query: 'SELECT 1' }, load: {} }, 'query and load'],
    [{ query: { query: 'SELECT 1' }, copy: {}, dryRun: true }, 'query and copy'],
    [{ load: {}, extract: 7 }, 'load and extract'],
  ])('is refused if it configures several jobs: %j', (configuration, found) => {
    expect(refusal(() => read('jobs.insert', { configuration }))).toEqual({
      status: 400,
      reason: 'invalid',
      message: `configuration: expected one kind of job, found ${found}.`,
    });
  });

  test.each([{ query: { query: 'SELECT 1' } }, { query: { query: 'SELECT 1' }, dryRun: true }, { copy: {} }])(
    'is refused if its job reference names another project than its path: %j',
    (configuration) => {
      const within = (projectId: string | null) => ({
        jobReference: { projectId, jobId: 'j' },
        configuration,
      });

      expect(read('jobs.insert', within('guardrail-demo')).kind).not.toBeNull();
      expect(read('jobs.insert', within(null)).kind).not.toBeNull();
      expect(refusal(() => read('jobs.insert', within('other')))).toEqual({
        status: 400,
        reason: 'invalid',
        message: 'jobReference.projectId: expected guardrail-demo, as in the path; found other.',
      });
    },
  );

  test.each([
    ['jobs.query', (labels: object) => ({ query: 'SELECT 1', labels })],
    ['jobs.insert', (labels: object) => ({ configuration: { query: { query: 'SELECT 1' }, labels } })],
  ] as const)('is refused if its labels leave no room for the decision’s: %s', (method, bodyOf) => {
    const labels = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`own_${at}`, 'x']));

    expect(queryIn(method, bodyOf(labels(63))).method).toBe(method);
    expect(queryIn(method, bodyOf({ ...labels(63), guardrail_decision: 'own' })).method).toBe(method);
    expect(refusal(() => read(method, bodyOf(labels(64))))).toEqual({
      status: 400,
      reason: 'invalid',
      message: 'labels: BigQuery accepts 64, and guardrail needs one of them: send at most 63.',
    });
  });

  test('may have underscores in label keys, which are not field names', () => {
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
  ])('is refused if it is not JSON in UTF-8: %s', (_what, bytes) => {
    const { status, reason, message } = refusal(() => readJobRequest('jobs.query', 'p', bytes));

    expect([status, reason]).toEqual([400, 'parseError']);
    expect(message).toMatch(/^The request's body is not JSON in UTF-8: ./);
  });

  test.each(['[]', 'null', '"SELECT 1"', '1'])('is refused if it is not a JSON object: %s', (text) => {
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
  ] as const)('is refused if it has another shape than the API documents: %s %j', (method, body, problem) => {
    const { status, reason, message } = refusal(() => read(method, body));

    expect([status, reason]).toEqual([400, 'invalid']);
    expect(message).toContain(`The request does not match the API's documentation. ${problem}`);
  });

  test('is refused with all its problems at once', () => {
    const { message } = refusal(() => read('jobs.query', { query: 1, dryRun: 'no', location: {} }));

    expect(message).toMatch(/query: .*; dryRun: .*; location: /);
  });
});

test.each<Method>(['jobs.query', 'jobs.insert'])(
  'a project by its number, which no budget can match, is refused by %s',
  (method) => {
    const body = Buffer.from('{"query": "SELECT 1", "configuration": {"query": {"query": "SELECT 1"}}}');

    expect(refusal(() => readJobRequest(method, '123456789012', body))).toMatchObject({
      status: 400,
      message: expect.stringContaining('ID'),
    });
  },
);

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  forwardedBody,
  labelledBody,
  pricedConfiguration,
} from '../../../../src/proxy/request/job/job-bodies.ts';
import { fullInsert, fullQuery, queryIn, queryInText, read } from './job-requests.ts';

describe('the configuration that is priced', () => {
  test('holds every field of a jobs.query that can change the price, with the SQL that will be sent', () => {
    const job = queryIn('jobs.query', { ...fullQuery, query: '-- remark\nSELECT 1' });

    expect(pricedConfiguration(job, 'SELECT 1')).toEqual({
      query: {
        query: 'SELECT 1',
        defaultDataset: fullQuery.defaultDataset,
        useLegacySql: false,
        useQueryCache: false,
        parameterMode: 'POSITIONAL',
        queryParameters: fullQuery.queryParameters,
        connectionProperties: fullQuery.connectionProperties,
        destinationEncryptionConfiguration: fullQuery.destinationEncryptionConfiguration,
        createSession: false,
        secureContext: fullQuery.secureContext,
      },
    });
  });

  test("is a jobs.insert's whole configuration except cap and labels", () => {
    const { labels: _labels, ...configuration } = fullInsert.configuration;
    const { maximumBytesBilled: _cap, ...query } = configuration.query;

    expect(pricedConfiguration(queryIn('jobs.insert', fullInsert), 'SELECT 2')).toEqual({
      ...configuration,
      query: { ...query, query: 'SELECT 2' },
    });
  });

  test('omits what the client omitted, since absent does not mean false', () => {
    expect(pricedConfiguration(queryIn('jobs.query', { query: 'SELECT 1' }), 'SELECT 1')).toEqual({
      query: { query: 'SELECT 1' },
    });
  });

  test('does not depend on cap, labels or request ID, so that estimates can be shared', () => {
    const one = { ...fullQuery, maximumBytesBilled: '5', labels: { person: '1' }, requestId: 'x' };

    const priced = [one, fullQuery].map((body) =>
      pricedConfiguration(queryIn('jobs.query', body), 'SELECT 1'),
    );

    expect(JSON.stringify(priced[0])).toBe(JSON.stringify(priced[1]));
  });

  test('keeps parameters exact beyond 2^53', () => {
    const job = queryInText(
      'jobs.query',
      '{"query":"SELECT ?","queryParameters":[{"parameterValue":{"value":9007199254740993}}]}',
    );

    expect(JSON.stringify(pricedConfiguration(job, 'SELECT ?'))).toContain('{"value":9007199254740993}');
  });
});

describe('the body that is forwarded', () => {
  const changes = { sql: 'SELECT 2', cap: 9007199254740993n, labels: { guardrail_team: 'atendimento' } };

  test('is that of jobs.query unchanged except for SQL, cap and added labels', () => {
    const body = forwardedBody(queryIn('jobs.query', fullQuery), changes).toString();

    expect(JSON.parse(body)).toEqual({
      ...fullQuery,
      query: 'SELECT 2',
      maximumBytesBilled: '9007199254740993',
      labels: { tool: 'metabase', guardrail_team: 'atendimento' },
    });
  });

  test('is that of jobs.insert unchanged except for SQL, cap and added labels', () => {
    const body = forwardedBody(queryIn('jobs.insert', fullInsert), changes).toString();

    expect(JSON.parse(body)).toEqual({
      ...fullInsert,
      configuration: {
        ...fullInsert.configuration,
        labels: { tool: 'dbt', guardrail_team: 'atendimento' },
        query: {
          ...fullInsert.configuration.query,
          query: 'SELECT 2',
          maximumBytesBilled: '9007199254740993',
        },
      },
    });
  });

  test("overwrites guardrail's own labels if the client has set them", () => {
    const job = queryIn('jobs.query', { query: 'SELECT 1', labels: { guardrail_team: 'finops', a: 'b' } });

    expect(JSON.parse(forwardedBody(job, changes).toString()).labels).toEqual({
      guardrail_team: 'atendimento',
      a: 'b',
    });
  });

  test('is identical, apart from escapes, if SQL, cap and labels are the same', () => {
    const text =
      '{"query":"SELECT 2","maximumBytesBilled":"5","labels":{"guardrail_team":"atendimento"},' +
      '"x":[9007199254740993,1.0,1e400,-0,"\\u00e9 é"],"formatOptions":{"useInt64Timestamp":true}}';
    const job = queryInText('jobs.query', text);

    const forwarded = forwardedBody(job, { ...changes, cap: 5n }).toString();

    expect(forwarded).toBe(text.replace('\\u00e9', 'é'));
  });

  test.each([
    [60, ['guardrail_decision', 'guardrail_team', 'metabase_user_id', 'metabase_card_id']],
    [61, ['guardrail_decision', 'guardrail_team', 'metabase_user_id']],
    [63, ['guardrail_decision']],
  ])(
    'adds to %i labels of the client only as many as BigQuery accepts, the most important first',
    (count, taken) => {
      const own = Object.fromEntries(Array.from({ length: count }, (_, at) => [`own_${at}`, 'x']));
      const added = ['guardrail_decision', 'guardrail_team', 'metabase_user_id', 'metabase_card_id'];
      const labels = Object.fromEntries(added.map((key) => [key, 'y']));
      const job = queryIn('jobs.query', { query: 'SELECT 1', labels: own });

      const forwarded = forwardedBody(job, { ...changes, labels }).toString();

      expect(Object.keys(JSON.parse(forwarded).labels)).toEqual([...Object.keys(own), ...taken]);
    },
  );

  test('is that of a job without SQL unchanged except for added labels', () => {
    const body = { configuration: { load: { sourceUris: ['gs://b/o'] }, labels: { tool: 'dbt' } }, x: 1 };
    const request = read('jobs.insert', body);

    const forwarded = request.kind === 'other job' && labelledBody(request.job, changes.labels).toString();

    expect(JSON.parse(String(forwarded))).toEqual({
      ...body,
      configuration: { ...body.configuration, labels: { tool: 'dbt', guardrail_team: 'atendimento' } },
    });
  });

  test('keeps any other fields a client may send, unchanged', () => {
    const others = fc.dictionary(
      fc.stringMatching(/^x[A-Za-z0-9]{0,8}$/),
      fc.jsonValue({ noUnicodeString: false }),
    );

    fc.assert(
      fc.property(others, (extra) => {
        const query = forwardedBody(queryIn('jobs.query', { ...extra, query: 'SELECT 1' }), changes);
        const insert = forwardedBody(
          queryIn('jobs.insert', {
            ...extra,
            configuration: { ...extra, query: { ...extra, query: 'SELECT 1' } },
          }),
          changes,
        );

        const set = { query: 'SELECT 2', maximumBytesBilled: '9007199254740993' };
        const asSent = JSON.parse(JSON.stringify(extra));
        expect(JSON.parse(query.toString())).toEqual({ ...asSent, ...set, labels: changes.labels });
        expect(JSON.parse(insert.toString())).toEqual({
          ...asSent,
          configuration: { ...asSent, query: { ...asSent, ...set }, labels: changes.labels },
        });
      }),
    );
  });
});

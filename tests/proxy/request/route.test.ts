import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalPath } from '../../../src/proxy/request/canonical-path.ts';
import { routeOf } from '../../../src/proxy/request/route.ts';

const QUERIES = '/bigquery/v2/projects/p/queries';

describe('a guarded path is recognised however it is written', () => {
  test.each([
    ['percent-encoded', '/bigquery/v2/projects/p/%71ueries'],
    ['all of it encoded', '/%62%69gquery/%762/projects/%70/queries'],
    ['doubled slashes', '//bigquery//v2/projects/p//queries'],
    ['a dot segment', '/bigquery/v2/./projects/p/queries'],
    ['a dot-dot segment', '/bigquery/v2/projects/x/../p/queries'],
    ['an encoded dot-dot segment', '/bigquery/v2/projects/x/%2e%2E/p/queries'],
    ['mixed case', '/BigQuery/V2/Projects/p/QUERIES'],
    ['a trailing slash', `${QUERIES}/`],
    ['a path parameter', `${QUERIES};x=1`],
  ])('%s', (_what, path) => {
    expect(routeOf('POST', `${path}?alt=json`, {})).toMatchObject({
      kind: 'method',
      method: { id: 'jobs.query' },
      path: `${QUERIES}?alt=json`,
      names: ['p'],
    });
  });

  test('thousands of mixed spellings', () => {
    const letter = (c: string) =>
      fc.constantFrom(
        c,
        c.toUpperCase(),
        `%${c.charCodeAt(0).toString(16)}`,
        `%${c.toUpperCase().charCodeAt(0).toString(16)}`,
      );
    const segment = (word: string) => fc.tuple(...[...word].map(letter)).map((letters) => letters.join(''));
    const separator = fc.constantFrom('/', '//', '/./', '/x/../', '/%2e/');
    const name = fc.constantFrom('p', '%70');
    const written = fc
      .tuple(
        separator,
        segment('bigquery'),
        separator,
        segment('v2'),
        separator,
        segment('projects'),
        separator,
        name,
        separator,
        segment('queries'),
      )
      .map((parts) => parts.join(''));

    fc.assert(
      fc.property(written, (path) => {
        expect(routeOf('POST', path, {})).toMatchObject({
          kind: 'method',
          method: { id: 'jobs.query' },
          path: QUERIES,
        });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a path in its canonical form is sent unchanged', () => {
  test.each([
    QUERIES,
    '/bigquery/v2/projects/domain.com:p/queries',
    '/bigquery/v2/projects/domain.com%3Ap/queries',
    '/bigquery/v2/projects/p/datasets/d/tables/events_$20261101/data',
    '/bigquery/v2/projects/p/datasets/d/tables/with%20space',
    '/bigquery/v2/projects/p/datasets/d/tables/caf%C3%A9:getIamPolicy',
    '/bigquery/v2/projects/p/datasets/d/tables/t/rowAccessPolicies/a:testIamPermissions',
    '/discovery/v1/apis/bigquery/v2/rest',
  ])('%s', (path) => {
    expect(canonicalPath(path)).toBe(path);
  });
});

describe('a path that servers may read in two ways is refused', () => {
  test.each([
    ['an encoded slash', '/bigquery/v2/projects/p%2Fqueries'],
    ['a doubly encoded letter', '/bigquery/v2/projects/p/%2571ueries'],
    ['a backslash', '/bigquery/v2/projects/p\\queries'],
    ['a null character', '/bigquery/v2/projects/p%00/queries'],
    ['an invalid percent-encoding', '/bigquery/v2/projects/p/%zzueries'],
    ['a full URL instead of a path', 'http://elsewhere/bigquery/v2/projects/p/queries'],
    ['an asterisk', '*'],
    ['a dot-dot segment above the root', '/../bigquery/v2/projects/p/queries'],
  ])('%s', (_what, path) => {
    expect(routeOf('POST', path, {})).toMatchObject({ kind: 'refused' });
  });
});

describe('the effective HTTP method is the one that the server follows', () => {
  test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('%s', (header) => {
    expect(routeOf('GET', QUERIES, { [header]: 'post' })).toMatchObject({
      httpMethod: 'POST',
      method: { id: 'jobs.query' },
    });
  });

  test('a form instead of a query string is refused', () => {
    const headers = { 'x-http-method-override': 'GET', 'content-type': 'application/x-www-form-urlencoded' };

    expect(routeOf('POST', QUERIES, headers)).toMatchObject({ kind: 'refused' });
  });

  test.each([
    ['OPTIONS', QUERIES, false],
    ['PUT', '/upload/bigquery/v2/projects/p/jobs?uploadType=multipart&upload_id=x', false],
    ['ANYTHING', QUERIES, true],
  ])(
    'a query with an override to %s, which a server may ignore, is refused',
    (method, target, passUnknown) => {
      const route = routeOf('POST', target, { 'x-http-method-override': method }, passUnknown);

      expect(route).toMatchObject({ kind: 'refused' });
    },
  );

  test.each([
    '$httpMethod=POST',
    '%24httpMethod=POST',
    'alt=json&$HTTPMETHOD=POST',
    'alt=json;$httpMethod=POST',
    '$httpHeaders=X-HTTP-Method-Override:POST%0d%0a',
    '$ct=multipart/related',
  ])('a method or header passed as a parameter is refused: %s', (parameters) => {
    expect(routeOf('GET', `/bigquery/v2/projects/p/jobs?${parameters}`, {})).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('parameter'),
    });
  });
});

describe('a batch', () => {
  test.each([
    '/batch',
    '/batch/bigquery/v2',
    '//batch//bigquery/v2/',
    '/%62atch/bigquery/v2',
    '/BATCH/BigQuery/V2',
    '/batch;x=1',
    '/x/../batch',
  ])('is recognised however it is written: %s', (path) => {
    expect(routeOf('POST', path, {})).toEqual({ kind: 'batch' });
  });

  test.each(['batch', 'Batch', 'batch_runs', 'BATCH-RUNS', '%62atch'])(
    'is not a resource that merely has that name: %s',
    (name) => {
      const path = `/bigquery/v2/projects/${name}/datasets/${name}/tables/${name}/data`;

      expect(routeOf('GET', path, {})).toMatchObject({
        kind: 'method',
        method: { id: 'tabledata.list' },
        path,
      });
    },
  );
});

describe('a method that the API does not have', () => {
  test.each([
    ['POST', '/bigquery/v2/projects/p/scripts'],
    ['GET', '/bigquery/v3/projects/p/queries/x'],
    ['POST', '/bigquery/v2/projects/p/queries/extra'],
    ['PUT', QUERIES],
    ['POST', '/google.cloud.bigquery.v2.JobService/Query'],
    ['POST', '/'],
    ['PUT', '/upload/bigquery/v2/projects/p/datasets'],
    ['PUT', '/upload/bigquery/v2/projects/p/jobs?uploadType=multipart&upload_id=x'],
    ['PUT', '/upload/bigquery/v2/projects/p/jobs?uploadType=resumable;upload_protocol=multipart&upload_id=x'],
  ])('is refused: %s %s', (method, path) => {
    expect(routeOf(method, path, {})).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('no method'),
    });
  });

  test('passes if the settings let unknown methods pass, while guarded methods stay guarded', () => {
    expect(routeOf('POST', '/bigquery/v2/projects/p/scripts', {}, true)).toEqual({ kind: 'other' });
    expect(routeOf('POST', QUERIES, {}, true)).toMatchObject({ kind: 'method' });
  });

  test.each([
    '/mcp',
    '/MCP/',
    '/google.cloud.bigquery.v2.JobService/Query',
    '/batch/bigquery/v3',
    '/bigquery/v3/projects/p/queries',
    '/upload/bigquery/v2/projects/p/scripts',
  ])(
    'is refused outside the API, where SQL may run too, even if the settings let unknown methods pass: %s',
    (path) => {
      expect(routeOf('POST', path, {}, true)).toMatchObject({ kind: 'refused' });
    },
  );

  test.each([
    ['OPTIONS', QUERIES],
    ['GET', '/discovery/v1/apis/bigquery/v2/rest'],
    ['PUT', '/upload/bigquery/v2/projects/p/jobs?uploadType=resumable&upload_id=x'],
    ['PUT', '/upload/bigquery/v2/projects/p/jobs?upload_id=x'],
  ])('passes if it cannot run anything: %s %s', (method, path) => {
    expect(routeOf(method, path, {})).toEqual({ kind: 'other' });
  });
});

import { describe, expect, test } from 'vitest';
import { type Ask, ask, envelope, PROJECT, query, useSandbox } from './sandbox.ts';

const sandbox = useSandbox();
const queries = `/projects/${PROJECT}/queries`;

test('an error in compact JSON is, byte for byte, the envelope', async () => {
  const answer = await ask(sandbox(), `${queries}/none?prettyPrint=false`);

  expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  expect(answer.text).toBe(
    '{"error":{"code":404,"message":"Not found: Job guardrail-demo:US.none","errors":[{"message":"Not found: Job ' +
      'guardrail-demo:US.none","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}',
  );
});

describe('a caller without a token of the sandbox', () => {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
    'authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

  test.each([
    ['no token at all', {}],
    ['another scheme', { authorization: 'Basic c2FuZGJveDp4' }],
    ['a token of another kind', { authorization: 'Bearer ya29.a0AfH6' }],
    ['a principal that is no e-mail', { authorization: 'Bearer sandbox:ana' }],
    ['an empty principal', { authorization: 'Bearer sandbox:' }],
  ])('is refused: %s', async (_what, headers) => {
    const answer = await ask(sandbox(), '/projects', { principal: null, headers });

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer realm=');
    expect(answer.body).toEqual(
      envelope(401, 'UNAUTHENTICATED', 'authError', message, {
        location: 'Authorization',
        locationType: 'header',
      }),
    );
  });
});

test('a project that does not exist takes no jobs', async () => {
  const message =
    'Access Denied: Project x: User does not have bigquery.jobs.create permission in project x.';

  const queried = await ask(sandbox(), '/projects/x/queries', {
    body: { query: 'SELECT 1', useLegacySql: false },
  });
  const dry = await ask(sandbox(), '/projects/x/jobs', {
    body: { configuration: { dryRun: true, query: { query: 'SELECT 1', useLegacySql: false } } },
  });

  expect(queried.status).toBe(403);
  expect(queried.body).toEqual(envelope(403, 'PERMISSION_DENIED', 'accessDenied', message));
  expect(dry.body).toEqual(queried.body);
});

test('bad SQL is answered with its position', async () => {
  const answer = await query(sandbox(), 'SELEC 1');

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(
    envelope(400, 'INVALID_ARGUMENT', 'invalidQuery', answer.body.error.message, {
      location: 'q',
      locationType: 'parameter',
    }),
  );
});

test.each<[string, string, Ask, number, string, string, string]>([
  ['broken JSON', queries, { body: '{"query":' }, 400, 'INVALID_ARGUMENT', 'parseError', 'Parse Error: '],
  [
    'no query',
    queries,
    { body: {} },
    400,
    'INVALID_ARGUMENT',
    'required',
    'Required parameter is missing: query',
  ],
  [
    'no body',
    queries,
    { method: 'POST' },
    400,
    'INVALID_ARGUMENT',
    'required',
    'Required parameter is missing: query',
  ],
  [
    'a number that is none',
    queries,
    { body: { query: 'SELECT 1', useLegacySql: false, maximumBytesBilled: 'many' } },
    400,
    'INVALID_ARGUMENT',
    'invalid',
    "Invalid value at 'maximumBytesBilled'",
  ],
  [
    'a page token of another list',
    `/projects/${PROJECT}/datasets?pageToken=abc`,
    {},
    400,
    'INVALID_ARGUMENT',
    'invalid',
    'Invalid page token',
  ],
  [
    'a place without data',
    queries,
    { body: { query: 'SELECT 1', useLegacySql: false, location: 'EU' } },
    404,
    'NOT_FOUND',
    'notFound',
    'Not found: Location EU',
  ],
  [
    'what the sandbox does not serve',
    `/projects/${PROJECT}/datasets/d/tables`,
    { body: {} },
    501,
    'UNIMPLEMENTED',
    'notImplemented',
    "The sandbox, which stands in for BigQuery in guardrail's demo, does not do POST /bigquery/v2/projects/guardrail-demo/datasets/d/tables.",
  ],
])('%s is answered in the envelope', async (_what, path, request, code, status, reason, message) => {
  const answer = await ask(sandbox(), path, request);

  expect(answer.status).toBe(code);
  expect(answer.body.error).toMatchObject({ code, status, message: expect.stringContaining(message) });
  expect(answer.body.error.errors).toEqual([
    expect.objectContaining({ domain: 'global', reason, message: answer.body.error.message }),
  ]);
});

test.each(['/upload/bigquery/v2/projects/p/jobs', '/resumable/upload/bigquery/v2/projects/p/jobs'])(
  'uploads by %s say that they are not done',
  async (path) => {
    const response = await fetch(`${sandbox().url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox:ana@guardrail-demo.example' },
      body: 'x',
    });

    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ error: { errors: [{ reason: 'notImplemented' }] } });
  },
);

test('an address outside the API is not found', async () => {
  const response = await fetch(`${sandbox().url}/nonsense`);

  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { message: 'Not found: GET /nonsense' } });
});

test('a body over 20 MB is refused as BigQuery refuses it', async () => {
  const answer = await ask(sandbox(), queries, { body: { query: 'x'.repeat(21 * 1024 * 1024) } });

  expect(answer.body).toEqual(
    envelope(
      400,
      'INVALID_ARGUMENT',
      'badRequest',
      'Request payload size exceeds the limit: 20971520 bytes.',
    ),
  );
});

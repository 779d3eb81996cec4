import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { PROJECT, post, useHouse } from './guardrail.ts';

const house = useHouse({ settings: { max_query_body: '64 KiB' } });
const queries = (project = PROJECT) =>
  `${house.guardrail().proxyUrl}/bigquery/v2/projects/${project}/queries`;
const good = JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false });

/** Whatever was sent: only admitted queries ran, and guardrail still answers. */
afterEach(async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  for (const job of jobs) expect(job.metadata.configuration.labels).toHaveProperty('guardrail_decision');
  expect((await post(queries(), good)).body.rows).toEqual([{ f: [{ v: '1' }] }]);
});

describe('a request that cannot be read', () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, string, RegExp]>([
    ['broken JSON', '{"query":', 'parseError', /not JSON/],
    ['no body', '', 'parseError', /not JSON/],
    ['a JSON list', '[]', 'parseError', /not a JSON object/],
    ['UTF-16', Buffer.from(good, 'utf16le'), 'parseError', /not JSON in UTF-8/],
    ['no query', '{"useLegacySql": false}', 'invalid', /query: expected the SQL text/],
    ['a query that is not a string', '{"query": {"a": 1}}', 'invalid', /query: expected the SQL text/],
    [
      'a cap that is not a number',
      '{"query": "SELECT 1", "maximumBytesBilled": "lots"}',
      'invalid',
      /maximumBytesBilled/,
    ],
    [
      'a field in snake_case',
      '{"query": "SELECT 1", "maximum_bytes_billed": "1"}',
      'invalid',
      /lowerCamelCase/,
    ],
  ])("is answered 400 in BigQuery's error envelope: %s", async (_what, body, reason, message) => {
    const answer = await post(queries(), body);

    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      errors: [{ reason, domain: 'global' }],
    });
    expect(answer.body.error.message).toMatch(message);
  });

  test('a body over the limit is refused, and the answer names the setting', async () => {
    const answer = await post(
      queries(),
      JSON.stringify({ query: `SELECT '${'x'.repeat(70_000)}'`, useLegacySql: false }),
    );

    expect(answer.status).toBe(413);
    expect(answer.body.error.message).toContain('65536 bytes');
    expect(answer.body.error.message).toContain('max_query_body');
  });

  test('a body shorter than its content-length has its connection closed, and no query runs', async () => {
    const { port } = new URL(house.guardrail().proxyUrl);
    const newest = async () => (await house.ops('/api/v1/decisions?limit=1')).decisions[0].id;
    const before = await newest();
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /bigquery/v2/projects/${PROJECT}/queries HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n${good}`,
    );
    socket.end();
    socket.resume();
    await once(socket, 'close');

    expect(await newest()).toBe(before);
  });
});

describe("what the warehouse rejects is answered in the warehouse's words, and nothing runs:", () => {
  test('SQL that does not parse', async () => {
    const answer = await post(queries(), JSON.stringify({ query: 'SELEC 1', useLegacySql: false }));
    const { decisions } = await house.ops('/api/v1/decisions?limit=1');

    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      errors: [{ reason: 'invalidQuery' }],
      message: expect.stringMatching(/^Syntax error: .*\[1:8\]$/),
    });
    expect(decisions[0]).toMatchObject({
      outcome: 'failed',
      cause: 'invalidQuery',
      sql: 'SELEC 1',
      reading: { reader: 'none' },
    });
  });

  test.each([
    ['no token', {}],
    ['a token that the warehouse does not know', { authorization: 'Bearer ya29.stolen' }],
  ])('%s', async (_what, headers) => {
    const response = await fetch(queries(), { method: 'POST', body: good, headers });

    const { error } = (await response.json()) as { error: { errors: { reason: string }[]; status: string } };
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(error).toMatchObject({ status: 'UNAUTHENTICATED', errors: [{ reason: 'authError' }] });
  });

  test('a query whose estimate is remembered, with a token that the warehouse does not know', async () => {
    await post(queries(), good);

    const response = await fetch(queries(), {
      method: 'POST',
      body: good,
      headers: { authorization: 'Bearer ya29.stolen' },
    });

    expect(response.status).toBe(401);
  });

  test('an unknown project', async () => {
    const answer = await post(queries('no-such-project'), good);

    expect(answer.status).toBe(403);
    expect(answer.body.error).toMatchObject({
      errors: [{ reason: 'accessDenied' }],
      message: expect.stringContaining('Project no-such-project'),
    });
  });

  test('a table that does not exist', async () => {
    const answer = await post(
      queries(),
      JSON.stringify({ query: 'SELECT * FROM atendimento.absent', useLegacySql: false }),
    );

    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toContain('guardrail-demo:atendimento.absent');
  });
});

test('a field that is null counts as absent, as in BigQuery', async () => {
  const answer = await post(
    queries(),
    JSON.stringify({
      query: 'SELECT 1 AS a',
      useLegacySql: false,
      labels: null,
      location: null,
      maximumBytesBilled: null,
    }),
  );

  expect(answer.body.rows).toEqual([{ f: [{ v: '1' }] }]);
});

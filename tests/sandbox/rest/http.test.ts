import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ANA, ask, PROJECT, query, useSandbox } from './sandbox.ts';

const sandbox = useSandbox();

test('JSON is indented by two spaces unless prettyPrint is false', async () => {
  const path = `/projects/${PROJECT}/datasets/atendimento`;

  const pretty = await ask(sandbox(), path);
  const compact = await ask(sandbox(), `${path}?prettyPrint=false`);

  expect(pretty.text).toBe(`${JSON.stringify(pretty.body, null, 2)}\n`);
  expect(compact.text).toBe(JSON.stringify(compact.body));
  expect(compact.body).toEqual(pretty.body);
});

test('a result is gzipped for clients that accept gzip, and plain for others', async () => {
  const body = { query: 'SELECT body FROM atendimento.messages LIMIT 100', useLegacySql: false };
  const path = `/projects/${PROJECT}/queries`;

  const zipped = await ask(sandbox(), path, { body, headers: { 'accept-encoding': 'gzip' } });
  const plain = await ask(sandbox(), path, { body, headers: { 'accept-encoding': 'identity' } });

  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(zipped.body.rows).toEqual(plain.body.rows);
  expect(plain.headers.get('vary')).toContain('Accept-Encoding');
});

test('a gzipped request is read', async () => {
  const response = await fetch(`${sandbox().url}/bigquery/v2/projects/${PROJECT}/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${ANA}`, 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false })),
  });

  expect(await response.json()).toMatchObject({ rows: [{ f: [{ v: '1' }] }] });
});

test('a client that already has a resource gets 304', async () => {
  const done = await query(sandbox(), 'SELECT 1 AS a');
  const paths = [
    `/projects/${PROJECT}/datasets/atendimento/tables/messages`,
    `/projects/${PROJECT}/jobs/${done.body.jobReference.jobId}`,
    `/projects/${PROJECT}/queries/${done.body.jobReference.jobId}`,
  ];

  for (const path of paths) {
    const first = await ask(sandbox(), path);
    const quoted = await ask(sandbox(), path, { headers: { 'if-none-match': `"${first.body.etag}"` } });
    const bare = await ask(sandbox(), path, { headers: { 'if-none-match': first.body.etag } });
    const other = await ask(sandbox(), path, { headers: { 'if-none-match': '"other"' } });

    expect(first.headers.get('etag')).toBe(`"${first.body.etag}"`);
    expect([quoted.status, bare.status, other.status]).toEqual([304, 304, 200]);
    expect(quoted.text).toBe('');
  }
});

test('the token-info endpoint says whose a token is, by GET or by form', async () => {
  const url = `${sandbox().url}/oauth2/tokeninfo`;

  const got = await fetch(`${url}?access_token=sandbox:${ANA}`);
  const posted = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ access_token: `sandbox:${ANA}` }),
  });
  const refused = await fetch(`${url}?access_token=ya29.x`);

  expect(await got.json()).toMatchObject({ email: ANA, email_verified: 'true', expires_in: '3599' });
  expect(await posted.json()).toMatchObject({ email: ANA });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid Value' });
});

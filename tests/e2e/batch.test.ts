import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { raw } from './raw.ts';
import { multipart, QUERIES, RUNAWAY_SQL, useWatchedHouse } from './ways-in.ts';

const house = useWatchedHouse();

function send(method: string, target: string, body?: string | Uint8Array, headers = {}) {
  return raw(house.guardrail().proxyUrl, method, target, body, headers);
}

describe('a batch', () => {
  const inner = (id: string, request: string) =>
    `Content-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request}`;
  const query = (sql: string) => {
    const body = JSON.stringify({ query: sql, useLegacySql: false });
    return `POST ${QUERIES} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  test.each(['/batch/bigquery/v2', '/batch', '/BATCH/bigquery/v2/'])(
    'at %s has each part judged by itself, with the answers in order',
    async (target) => {
      const [body, headers] = multipart('mixed', [
        inner('a', query('SELECT 41 AS a')),
        inner('b', query(RUNAWAY_SQL)),
        inner('c', `GET /bigquery/v2/projects/guardrail-demo/datasets HTTP/1.1\r\n\r\n`),
        inner('d', query('SELECT 42 AS a')),
      ]);

      const answer = await send('POST', target, body, headers);

      const parts = answer.text.split(/--batch_[\w-]+/).slice(1, -1);
      expect(answer.status).toBe(200);
      expect(parts.map((part) => /Content-ID: <response-(\w)>/.exec(part)?.[1])).toEqual([
        'a',
        'b',
        'c',
        'd',
      ]);
      expect(parts.map((part) => /HTTP\/1\.1 (\d+)/.exec(part)?.[1])).toEqual(['200', '403', '200', '200']);
      expect(parts[0]).toContain('"41"');
      expect(parts[1]).toContain('no-star-over-messages');
      expect(parts[2]).toContain('bigquery#datasetList');
      expect(parts[3]).toContain('"42"');
    },
  );

  test('from Google’s API client for Python is answered as the client reads it', async () => {
    const part = (number: number, method: string, target: string, content: string) => [
      '--===============7==',
      'Content-Type: application/http',
      'MIME-Version: 1.0',
      'Content-Transfer-Encoding: binary',
      `Content-ID: <aba5c490-5e27-4a06-8fbe-0adab3e487bf + ${number}>`,
      '',
      `${method} ${target}?alt=json HTTP/1.1`,
      'Content-Type: application/json',
      'MIME-Version: 1.0',
      'accept: application/json',
      'accept-encoding: gzip, deflate',
      'user-agent: (gzip)',
      `content-length: ${content.length}`,
      'Host: bigquery.googleapis.com',
      '',
      content,
    ];
    const sql = (query: string) => JSON.stringify({ query, useLegacySql: false });
    const body = [
      ...part(1, 'POST', QUERIES, sql('SELECT 43 AS a')),
      ...part(2, 'POST', QUERIES, sql(RUNAWAY_SQL)),
      ...part(3, 'GET', '/bigquery/v2/projects/guardrail-demo/datasets', ''),
      '--===============7==--',
      '',
    ].join('\n');

    const answer = await send('POST', '/batch/bigquery/v2', body, {
      'content-type': 'multipart/mixed; boundary="===============7=="',
    });

    const parts = answer.text.split(/--batch_[\w-]+/).slice(1, -1);
    expect(parts.map((one) => /^Content-ID: <.* \+ (\d)>\r$/m.exec(one)?.[1])).toEqual(['1', '2', '3']);
    expect(parts.map((one) => /HTTP\/1\.1 (\d+)/.exec(one)?.[1])).toEqual(['200', '403', '200']);
    expect(parts.map((one) => JSON.parse(one.slice(one.indexOf('{'))))).toMatchObject([
      { rows: [{ f: [{ v: '43' }] }] },
      { error: { errors: [{ reason: 'accessDenied' }] } },
      { kind: 'bigquery#datasetList' },
    ]);
  });

  test.each([
    ['no boundary', 'x', { 'content-type': 'multipart/mixed' }, 400],
    ['no parts', ...multipart('mixed', []), 400],
    [
      'a part that is not a request',
      ...multipart('mixed', ['Content-Type: application/http\r\n\r\nhello']),
      400,
    ],
    [
      'a batch in a batch',
      ...multipart('mixed', ['Content-Type: application/http\r\n\r\nPOST /batch HTTP/1.1\r\n\r\n']),
      400,
    ],
    [
      'a content-encoding',
      gzipSync('x'),
      { 'content-type': 'multipart/mixed; boundary=cut', 'content-encoding': 'gzip' },
      415,
    ],
  ] as const)('with %s is refused as a whole', async (_what, body, headers, status) => {
    const answer = await send('POST', '/batch/bigquery/v2', body, headers);

    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toMatch(/batch/i);
  });
});

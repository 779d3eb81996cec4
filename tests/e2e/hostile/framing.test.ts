import { afterEach, expect, test } from 'vitest';
import { ATENDIMENTO, PROJECT, useHouse } from '../guardrail.ts';
import { wire } from '../raw.ts';

const house = useHouse({ sandbox: { messages: 3_000 } });
const HERE = `/bigquery/v2/projects/${PROJECT}`;
const AUTHORIZATION = `authorization: Bearer sandbox:${ATENDIMENTO}`;
const QUERY = JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false });

/** A request that is hidden in the body of another one, and would run if it were seen. */
const SMUGGLED = `POST ${HERE}/queries HTTP/1.1\r\nhost: x\r\n${AUTHORIZATION}\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`;

function send(path: string, framing: readonly string[], body: string): Promise<string> {
  const head = [`POST ${HERE}/${path} HTTP/1.1`, 'host: x', AUTHORIZATION, ...framing];
  return wire(house.guardrail().proxyUrl, `${head.join('\r\n')}\r\n\r\n${body}`);
}

afterEach(async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true });
  expect(jobs).toEqual([]);
});

test.each([
  ['both lengths', ['content-length: 4', 'transfer-encoding: chunked']],
  ['two lengths', ['content-length: 4', 'content-length: 400']],
  ['chunks twice', ['transfer-encoding: chunked, chunked']],
  ['chunks that are not the last encoding', ['transfer-encoding: chunked, identity']],
  ['a space before the colon', ['transfer-encoding : chunked']],
  ['a folded header', ['x-a: b', ' transfer-encoding: chunked', 'content-length: 4']],
  ['a bare line feed', ['x-a: b\nx-b: c', 'content-length: 4']],
  ['a bare line feed before chunks', ['x-a: b\ntransfer-encoding: chunked', 'content-length: 0']],
])('framing that can be read in two ways is refused: %s', async (_what, framing) => {
  const heard = await send('queries', framing, `0\r\n\r\n${SMUGGLED}`);

  // The parser's own answer: guardrail's says more, and would come too late.
  expect(heard).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
});

test.each(['identity, chunked', 'gzip, chunked', 'xchunked'])(
  'a transfer encoding of which some servers see no chunks is refused: %s',
  async (coding) => {
    const heard = await send(
      'datasets/d/tables/t/insertAll',
      [`transfer-encoding: ${coding}`],
      `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    );

    expect(heard).toMatch(/^HTTP\/1\.1 501 /);
    expect(heard).toContain('guardrail: of transfer encodings, only chunked is accepted');
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  },
);

import { describe, expect, test } from 'vitest';
import { raw } from './raw.ts';
import { QUERIES, useGuardrailBefore } from './scripted-warehouse.ts';

const house = useGuardrailBefore({ totalBytesProcessed: '1000', totalBytesProcessedAccuracy: 'PRECISE' });
const query = JSON.stringify({ query: 'SELECT a FROM d.t', useLegacySql: false });

describe('a body that was read as JSON in UTF-8 is sent on as such:', () => {
  const dryRun = JSON.stringify({ query: 'SELECT a FROM d.t', useLegacySql: false, dryRun: true });
  const bodies = { query, 'dry run of the client’s own': dryRun };
  const types = [
    'application/x-protobuf',
    'application/json; charset=utf-7',
    'text/plain; charset=utf-16',
    '',
  ];

  test.each(
    Object.entries(bodies).flatMap(([what, body]) => types.map((type) => [what, type, body] as const)),
  )('a %s as %j', async (_what, type, body) => {
    await raw(house.guardrail().proxyUrl, 'POST', QUERIES, body, { 'content-type': type });

    const sent = house.upstream().seen.find(({ url }) => url === QUERIES);
    expect(sent?.headers['content-type']).toBe('application/json; charset=UTF-8');
  });

  test.each(['application/json', 'Application/JSON; charset="UTF-8"'])(
    'a content type of %s is kept',
    async (type) => {
      await raw(house.guardrail().proxyUrl, 'POST', QUERIES, query, { 'content-type': type });

      expect(house.upstream().seen.find(({ url }) => url === QUERIES)?.headers['content-type']).toBe(type);
    },
  );
});

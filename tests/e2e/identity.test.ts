import { describe, expect, test } from 'vitest';
import { littleServer, sendJson } from '../little-server.ts';
import { ATENDIMENTO, FINOPS, useHouse } from './guardrail.ts';
import { raw } from './raw.ts';
import { guardrailBefore, QUERIES } from './scripted-warehouse.ts';

describe('when the dry run does not name the caller', () => {
  const house = useHouse({ sandbox: { omitUserEmail: true, messages: 3000 } });

  test('the token-info endpoint does, and the rules of the team apply', async () => {
    await expect(house.client().query('SELECT * FROM atendimento.messages')).rejects.toThrow(
      'no-star-over-messages',
    );

    const { decisions } = await house.ops('/api/v1/decisions?limit=1');
    expect(decisions[0].caller).toMatchObject({ principal: ATENDIMENTO, team: 'atendimento' });
  });
});

describe('when nothing names the caller', () => {
  const house = useHouse({
    sandbox: { omitUserEmail: true, messages: 3000 },
    settings: { token_info_url: '' },
  });

  test('the caller belongs to no team, and the query counts as unassigned', async () => {
    await house.client(FINOPS).query('SELECT contract_id FROM finops.contracts LIMIT 1');

    const { decisions } = await house.ops('/api/v1/decisions?limit=1');
    expect(decisions[0].caller).toMatchObject({ principal: null, team: 'unassigned' });
    expect(await house.metric('guardrail_queries_total', { team: 'unassigned' })).toBe(1);
  });
});

describe('a token that the warehouse has confirmed', () => {
  const ask = (url: string, sql: string) =>
    raw(url, 'POST', QUERIES, JSON.stringify({ query: sql, useLegacySql: false }));

  test.each([
    ['a query', 'SELECT a FROM d.t'],
    ['a dry run', 'SELECT b FROM d.t'],
  ])('is believed no longer once the warehouse has refused %s with it', async (_what, sql) => {
    let isRevoked = false;
    const upstream = await littleServer((response, { url }) => {
      if (isRevoked) sendJson(response, 401, { error: { code: 401 } });
      else if (url.startsWith(QUERIES)) sendJson(response, 200, { jobComplete: true });
      else {
        const dryRun = { totalBytesProcessed: '1', statementType: 'SELECT' };
        sendJson(response, 200, { user_email: ATENDIMENTO, statistics: { query: dryRun } });
      }
    });
    const { guardrail, decisions } = await guardrailBefore(upstream);
    await ask(guardrail.proxyUrl, 'SELECT a FROM d.t');
    isRevoked = true;
    await ask(guardrail.proxyUrl, sql);

    const answered = await ask(guardrail.proxyUrl, 'SELECT a FROM d.t');

    expect(answered.status).toBe(401);
    expect((await decisions())[0]).toMatchObject({ outcome: 'failed', caller: { principal: null } });
  });
});

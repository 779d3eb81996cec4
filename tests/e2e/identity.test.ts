import { describe, expect, test } from 'vitest';
import { ATENDIMENTO, FINOPS, useHouse } from './guardrail.ts';

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

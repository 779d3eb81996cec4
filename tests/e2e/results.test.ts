import type { BigQuery } from '@google-cloud/bigquery';
import { describe, expect, test } from 'vitest';
import { atendimentoCards, type Card, finopsCards } from './dashboards.ts';
import { ATENDIMENTO, FINOPS, useHouse } from './guardrail.ts';

const house = useHouse();

async function ask(client: BigQuery, { query, params }: Card): Promise<readonly unknown[]> {
  const [rows] = await client.query({ query, ...(params === undefined ? {} : { params }) });
  return rows;
}

describe.each([
  ['atendimento', ATENDIMENTO, atendimentoCards],
  ['finops', FINOPS, finopsCards],
] as const)(
  "Google's client gets the same values through the proxy as directly from the warehouse, on the %s dashboard:",
  (_vertical, principal, cards) => {
    test.each(cards.map((card) => [card.title, card] as const))('%s', async (_title, card) => {
      const direct = await ask(house.direct(principal), card);

      const guarded = await ask(house.client(principal), card);

      expect(direct.length).toBeGreaterThan(0);
      expect(guarded).toEqual(direct);
    });
  },
);

test('a result of many pages arrives complete through the proxy', async () => {
  const query =
    'SELECT message_id, ticket_id, sender, body, created_at FROM atendimento.messages WHERE created_at >= TIMESTAMP(DATE_SUB(CURRENT_DATE(), INTERVAL 60 DAY)) ORDER BY message_id';

  const [direct] = await house.direct().query({ query, maxResults: 5000 });
  const [guarded] = await house.client().query({ query, maxResults: 5000 });

  expect(guarded.length).toBeGreaterThan(20_000);
  expect(guarded).toEqual(direct);
});

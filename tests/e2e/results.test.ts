import type { BigQuery } from '@google-cloud/bigquery';
import { describe, expect, test } from 'vitest';
import { atendimentoCards, type Card, finopsCards } from './dashboards.ts';
import { ATENDIMENTO, FINOPS, PROJECT, useHouse } from './guardrail.ts';

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
    'SELECT message_id, ticket_id, sender, body, created_at FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 60 DAY) ORDER BY message_id';

  const [direct] = await house.direct().query({ query, maxResults: 5000 });
  const [guarded] = await house.client().query({ query, maxResults: 5000 });

  expect(guarded.length).toBeGreaterThan(20_000);
  expect(guarded).toEqual(direct);
});

test('a job created with jobs.insert and read with getQueryResults gives the same rows', async () => {
  const query = 'SELECT ticket_id, status FROM atendimento.tickets ORDER BY ticket_id LIMIT 500';

  const [job] = await house.client().createQueryJob({ query });
  const [guarded] = await job.getQueryResults();
  const [direct] = await house.direct().query(query);

  expect(guarded).toEqual(direct);
});

test('requests that are not queries pass unchanged: lists of datasets and tables, and the rows of a table', async () => {
  const names = async (at: 'client' | 'direct') => {
    const client = house[at]();
    const [datasets] = await client.getDatasets();
    const [tables] = await client.dataset('atendimento').getTables();
    const [rows] = await client.dataset('finops').table('fund_managers').getRows();
    return { datasets: datasets.map((one) => one.id), tables: tables.map((one) => one.id), rows };
  };

  expect(await names('client')).toEqual(await names('direct'));
});

test('an answer that is not of a query is the warehouse’s own, byte for byte', async () => {
  const path = `/bigquery/v2/projects/${PROJECT}/datasets/atendimento/tables/messages?prettyPrint=false`;
  const get = async (origin: string) => {
    const response = await fetch(`${origin}${path}`, {
      headers: { authorization: `Bearer sandbox:${ATENDIMENTO}` },
    });
    return { status: response.status, etag: response.headers.get('etag'), text: await response.text() };
  };

  const guarded = await get(house.guardrail().proxyUrl);
  const direct = await get(house.sandbox().url);

  expect({
    ...guarded,
    text: guarded.text.replaceAll(house.guardrail().proxyUrl, house.sandbox().url),
  }).toEqual(direct);
});

import { expect, test } from 'vitest';
import { requireRole } from '../../../src/ops/access/identify.ts';
import { spend } from '../../../src/ops/endpoints/spend.ts';
import type { OpsSources } from '../../../src/ops/sources.ts';
import type { SpendRow } from '../../../src/records/spend/spend-query.ts';
import { pricing } from '../../budget/builders.ts';
import { accessWith, BIA, serve } from '../access/builders.ts';

/** The answer of `/spend` when budgets are in São Paulo time, three hours behind UTC, and nothing was spent. */
async function answerTo(
  query: string,
  rows: readonly SpendRow[] | null = [],
): Promise<{ readonly status: number; readonly answer: unknown }> {
  // Everything that the endpoint uses of its sources.
  const sources = {
    questions: { spend: async () => rows },
    policy: () => ({ pricing }),
    budgetsTimeZone: () => 'America/Sao_Paulo',
  } as unknown as OpsSources;
  const url = await serve(accessWith(), (app) => {
    app.get('/spend', requireRole('viewer'), spend.handler(sources));
  });
  const response = await fetch(`${url}/spend?${query}`, { headers: { authorization: `Bearer ${BIA}` } });
  return { status: response.status, answer: await response.json() };
}

test.each(['from=2026-11-02&to=2026-11-02T02:00:00Z', 'from=2026-11-02&to=2026-11-02T03:00:00Z'])(
  'a period that ends before its first day begins in the budgets’ time zone is refused: %s',
  async (span) => {
    expect(await answerTo(span)).toEqual({ status: 400, answer: { error: 'from is before to' } });
  },
);

test('a period that ends before it begins only in UTC is accepted', async () => {
  expect(await answerTo('from=2026-11-01T01:00:00Z&to=2026-11-01')).toMatchObject({
    status: 200,
    answer: { from: '2026-11-01T01:00:00.000Z', to: '2026-11-01T03:00:00.000Z' },
  });
});

test('a requested time zone takes precedence over that of the budgets', async () => {
  const { status } = await answerTo('from=2026-11-02&to=2026-11-02T02:00:00Z&time_zone=UTC');

  expect(status).toBe(200);
});

test('a sum with too many rows is refused, with what to ask instead', async () => {
  const { status, answer } = await answerTo('by=person,card,day', null);

  expect(status).toBe(400);
  expect(answer).toEqual({ error: expect.stringContaining('more than 20000 rows: ask for a shorter time') });
});

test.each([
  ['without a rate, with those that there are', 'currency=EUR', 'currency is one of USD, BRL'],
  ['with four keys, since days are one more', 'currency=BRL&by=team,person,card,tool', 'one to three keys'],
])('a currency %s is refused', async (_which, query, error) => {
  expect(await answerTo(query)).toMatchObject({
    status: 400,
    answer: { error: expect.stringContaining(error) },
  });
});

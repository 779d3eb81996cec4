import { expect, test } from 'vitest';
import { spend } from '../../../../src/ops/api/endpoints/spend.ts';
import type { SpendRow } from '../../../../src/records/spend/spend-query.ts';
import { answerOf } from './builders.ts';

/** The answer of `/spend` when nothing was spent. */
function answerTo(query: string, rows: readonly SpendRow[] | null = []) {
  return answerOf(spend, { spend: async () => rows }, query);
}

test.each([
  'from=2026-11-02&to=2026-11-02T02:00:00Z',
  'from=2026-11-02&to=2026-11-02T03:00:00Z',
  'from=2999-01-01',
])(
  'a period that ends before its first day begins in the budgets’ time zone is refused: %s',
  async (span) => {
    expect(await answerTo(span)).toEqual({
      status: 400,
      answer: { error: 'from is before to, which is now by default' },
    });
  },
);

test('a period that ends before it begins only in UTC is accepted', async () => {
  expect(await answerTo('from=2026-11-01T01:00:00Z&to=2026-11-01')).toMatchObject({
    status: 200,
    answer: { from: '2026-11-01T01:00:00.000Z', to: '2026-11-01T03:00:00.000Z' },
  });
});

test.each(['from=0000-01-01', 'to=0000-12-31T00:00:00Z'])('the year 0 is refused: %s', async (span) => {
  expect(await answerTo(span)).toMatchObject({
    status: 400,
    answer: { error: expect.stringContaining('years are 0001 to 9999') },
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

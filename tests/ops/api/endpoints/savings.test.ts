import { expect, test } from 'vitest';
import { savings } from '../../../../src/ops/api/endpoints/savings.ts';
import { answerOf } from './builders.ts';

const questions = {
  savings: async (query: Parameters<NonNullable<Parameters<typeof answerOf>[1]['savings']>>[0]) => ({
    ...query,
    rows: [],
    recordsFrom: null,
  }),
};

test.each(['from=2026-11-02&to=2026-11-02', 'from=2026-11-03&to=2026-11-02', 'from=2999-01-01'])(
  'days that end before they begin are refused: %s',
  async (days) => {
    expect(await answerOf(savings, questions, days)).toEqual({
      status: 400,
      answer: { error: 'from is a day before to, which is tomorrow by default' },
    });
  },
);

test('a day of the year 0 is refused: a month earlier, the answer would have no plain date', async () => {
  expect(await answerOf(savings, questions, 'to=0000-01-01')).toMatchObject({
    status: 400,
    answer: { error: expect.stringContaining('years are 0001 to 9999') },
  });
  expect(await answerOf(savings, questions, 'to=0001-01-01')).toMatchObject({
    status: 200,
    answer: { from: '0000-12-02' },
  });
});

test('without a first day, it is 30 days before the end', async () => {
  expect(await answerOf(savings, questions, 'to=2026-11-30')).toMatchObject({
    status: 200,
    answer: { from: '2026-10-31', to: '2026-11-30' },
  });
});

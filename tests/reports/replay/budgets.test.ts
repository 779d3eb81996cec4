import { describe, expect, test } from 'vitest';
import { DAY_MS, day, FIRST_MS, hit } from './month.ts';
import { BASE, replayed } from './replayed.ts';

describe('budgets', () => {
  const DAY_OF_6_GIB = `
  - { name: atendimento-day, team: atendimento, window: day, limit: 6 GiB }
`;

  test('are replayed in chronological order with what queries were billed', async () => {
    const { changes, rows, outcomes } = await replayed({ rules: ' []\n', budgets: DAY_OF_6_GIB });

    // 4 GiB are billed at noon; the next query needs 4 and finds 2 left; 1 fits, and leaves 1 where the last needs 2.
    expect(changes['newly refused'].all.queries).toBe(60);
    expect(outcomes.admitted['refused by a budget']).toBe(60);
    expect(rows.rule[0]).toMatchObject({ name: 'budget atendimento-day' });
  });

  test('include what was spent before the replay begins', async () => {
    const { changes } = await replayed({
      rules: ' []\n',
      budgets: `
  - { name: month, team: atendimento, window: month, limit: 203 GiB }
`,
      fromMs: FIRST_MS + 29 * DAY_MS,
    });

    // 29 days of 7 GiB each are spent; the four queries of the last day need more than is left, even that from the cache.
    expect(changes['newly refused'].all.queries).toBe(4);
  });

  test('of money must hold the inexact reserve for a query without an upper bound', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const queries = [{ ...star, gib: 0n, accuracy: 'UNKNOWN' as const }];
    const budgets = (limit: string) => `
  - { name: money, team: atendimento, window: day, limit: ${limit} }
`;
    const refused = async (limit: string) => {
      const { changes } = await replayed({ queries, rules: ' []\n', budgets: budgets(limit) });
      return changes['newly refused'].all.queries;
    };

    // The reserve is 10 GiB, at a cent per GiB.
    expect(await refused('0.09 USD')).toBe(1);
    expect(await refused('0.10 USD')).toBe(0);
  });

  test('of bytes need only hold the estimate itself if it is a bound, without the headroom that is asked for first', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const queries = [{ ...star, gib: 4n, accuracy: 'UPPER_BOUND' as const }];
    const refused = async (limit: string) => {
      const budgets = `\n  - { name: bytes, team: atendimento, window: day, limit: ${limit} }\n`;
      const { changes } = await replayed({ queries, rules: ' []\n', budgets });
      return changes['newly refused'].all.queries;
    };

    expect(await refused('4095 MiB')).toBe(1);
    expect(await refused('4 GiB')).toBe(0);
  });

  test('of money cannot be replayed if records are in another currency than the candidate’s prices', async () => {
    const base = BASE.replace('currency: USD', 'currency: BRL');
    const money = `
  - { name: money, team: atendimento, window: day, limit: 1 BRL }
`;

    await expect(replayed({ base, rules: ' []\n', budgets: money })).rejects.toThrow(
      'Budget money is replayed at prices in BRL, but recorded queries were paid in USD. Replay',
    );
    const { changes } = await replayed({ base, rules: ' []\n', budgets: DAY_OF_6_GIB });
    expect(changes['newly refused'].all.queries).toBe(60);
  });

  test('keep their recorded refusals if only rules are replayed', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const queries = [{ ...star, refusedBy: 'atendimento-day', hits: [hit('legacy-table', 'warn')] }];

    const { outcomes } = await replayed({ queries, rules: ' []\n' });
    const withBudgets = await replayed({ queries, rules: ' []\n', budgets: DAY_OF_6_GIB });

    expect(outcomes['refused by a budget']['refused by a budget']).toBe(1);
    expect(withBudgets.changes['newly admitted'].all.queries).toBe(1);
    expect(withBudgets.rows.rule[0]?.name).toBe('budget atendimento-day');
  });
});

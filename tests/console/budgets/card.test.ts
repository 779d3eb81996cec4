import { describe, expect, test } from 'vitest';
import { budgetCard, budgetCards } from '../../../src/console/budgets/card.ts';
import { DAY_MS, HOUR_MS } from '../../../src/foundation/calendar/durations.ts';
import type { BudgetBalance } from '../../../src/vocabulary/spend.ts';
import { balance, budget, noon } from '../../notices/builders.ts';
import { charts, pageContext } from '../builders.ts';

const contextAt = (nowMs: number) => pageContext('analyst', { url: '/budgets', nowMs });
const cardOf = (of: BudgetBalance, nowMs = noon) => budgetCard(of, '', 'b', contextAt(nowMs)).markup;

describe('a budget says where it is heading:', () => {
  test.each([
    ['used up', 50_000_000n, noon, 'It is used up.'],
    ['soon used up', 40_000_000n, noon, 'At this pace it is used up on Nov 24, 2026, 15:00'],
    ['within its limit', 10_000_000n, noon, 'At this pace R$20.00 will be used when it renews.'],
    ['not known yet', 10_000_000n, noon - 11 * HOUR_MS, 'Too early to tell where it is heading.'],
  ])('%s', (_which, used, nowMs, expected) => {
    expect(cardOf(balance({ used }), nowMs)).toContain(expected);
  });
});

test('a budget names what queries under way have reserved, and what was granted', () => {
  const card = cardOf(balance({ limit: 60_000_000n, granted: 10_000_000n, reserved: 5_000_000n }));

  expect(card).toContain('R$5.00 reserved by queries under way · R$10.00 of it granted');
});

test('a budget that refuses only what certain rules match says so', () => {
  const only = budget({ whenExceeded: { only: ['large'] } });

  expect(cardOf(balance({ budget: only }))).toContain('Refuses what does not fit, if certain rules match it');
});

test('a budget says whom to ask for more, if anybody', () => {
  expect(cardOf(balance({ budget: budget({ contact: '#finops' }) }))).toContain(
    'If you need more, ask #finops.',
  );
  expect(cardOf(balance())).not.toContain('If you need more');
});

describe('the figures of a chart', () => {
  const figuresOf = async (of: BudgetBalance) => {
    const hours = [{ budget: of.budget.name, unit: 'BRL', hourMs: noon - 2 * HOUR_MS, amount: 8_000_000n }];
    const { cards } = await budgetCards({ balances: [of], hours }, charts, 'b', contextAt(noon));
    return cards[0]?.markup ?? '';
  };

  test('are hours for a budget of a day', async () => {
    expect(await figuresOf(balance({ used: 8_000_000n }))).toContain('<td>11:00</td><td>R$42.00</td>');
  });

  test('are days for a longer one', async () => {
    const monthly = budget({ window: 'month' });
    const window = { key: '2026-11', startMs: noon - 20 * DAY_MS, endMs: noon + 10 * DAY_MS };

    expect(await figuresOf(balance({ budget: monthly, window, used: 8_000_000n }))).toContain(
      '<td>Nov 24, 2026</td><td>R$42.00</td>',
    );
  });
});

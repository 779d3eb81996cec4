import { expect, test } from 'vitest';
import { sheetAsCsv } from '../../../src/commands/showback/sheet-csv.ts';
import { DECIMAL_COMMA, PLAIN } from '../../../src/foundation/text/csv.ts';
import type { SpendKey } from '../../../src/records/spend/spend-query.ts';
import { inOtherCurrencies } from '../../../src/reports/showback/other-currencies.ts';
import type { DailySpend } from '../../../src/service/questions/gather-month.ts';
import { pricing } from '../../budget/builders.ts';
import { unshared } from '../../records/spend/spend.ts';
import { exchangeOn } from '../../reports/showback/two-rates.ts';

/** A team's day that was billed a byte for each micro. */
function spent(
  keys: readonly (string | null)[],
  day: string,
  costMicros: bigint,
  changes: Partial<DailySpend> = {},
): DailySpend {
  const amounts = { queries: 1, bytesBilled: costMicros, freeBytes: 1n, slotMs: 2n, costMicros };
  return { keys, day, currency: 'USD', ...amounts, ...unshared, ...changes };
}

test('the days of a line add up, each at its own rate in the other currency; most bytes come first', () => {
  const daily = [
    spent(['7'], '2026-11-23', 10n),
    spent(['8'], '2026-11-23', 1_000_000n),
    spent(['8'], '2026-11-24', 1_500_000n),
  ];

  expect(sheetAsCsv({ name: 's', by: ['dashboard'], daily }, exchangeOn, PLAIN)).toBe(
    `dashboard,queries,bytes_billed,free_bytes,slot_ms,cost,currency,cost_brl
8,2,2500000,2,4,2.500000,USD,14.000000
7,1,10,1,2,0.000010,USD,0.000050
`,
  );
});

test('lines of single days keep the order of their keys', () => {
  const daily = [spent(['a', '2026-11-23'], '2026-11-23', 1n), spent(['b', '2026-11-24'], '2026-11-24', 9n)];

  const csv = sheetAsCsv({ name: 's', by: ['team', 'day'], daily }, exchangeOn, PLAIN);

  expect(csv.split('\n').map((line) => line.slice(0, 12))).toEqual([
    'team,day,que',
    'a,2026-11-23',
    'b,2026-11-24',
    '',
  ]);
});

test('in every currency, the lines add up to what the page says, of each team too if they are by team', () => {
  const day = '2026-11-24';
  const rate = { to: 'BRL', microsPerUnit: 5_400_001n, asOf: '2026-11-01' };
  const at540 = () => ({ ...pricing, exchangeRates: [rate] });
  const spentBy = (name: string, costMicros: bigint) => {
    return {
      name,
      days: new Map([[day, { queries: 1, bytesBilled: 0n, freeBytes: 0n, slotMs: 0n, costMicros }]]),
    };
  };
  const byCard = [
    spent(['dados', '7'], day, 1n),
    spent(['finops', '7'], day, 1n),
    spent(['finops', '8'], day, 1n),
  ];
  const byPerson = [spent(['ana'], day, 1n), spent(['bia'], day, 1n), spent(['rui'], day, 1n)];
  const microsIn = (by: readonly SpendKey[], daily: readonly DailySpend[]) =>
    sheetAsCsv({ name: 's', by, daily }, at540, PLAIN)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',').at(-1)?.replace('.', '')));

  const page = inOtherCurrencies([spentBy('finops', 2n), spentBy('dados', 1n)], 'USD', at540);

  const [dados, ...finops] = microsIn(['team', 'card'], byCard);
  expect(page.ofTeams).toEqual([
    [{ currency: 'BRL', micros: sum(finops) }],
    [{ currency: 'BRL', micros: sum([dados]) }],
  ]);
  expect(page.total).toEqual([{ currency: 'BRL', micros: 17n }]);
  expect(sum(microsIn(['person'], byPerson))).toBe(17n);
});

function sum(micros: readonly (number | undefined)[]): bigint {
  return micros.reduce((total: bigint, one) => total + BigInt(one ?? 0), 0n);
}

test('decimals in every currency are written in the dialect', () => {
  const daily = [spent(['8'], '2026-11-24', 1_500_000n)];

  expect(sheetAsCsv({ name: 's', by: ['dashboard'], daily }, exchangeOn, DECIMAL_COMMA)).toContain(
    '1,500000;USD;9,000000',
  );
});

test('a cost without a rate is empty in the other currency, and one in that currency is itself', () => {
  const daily = [
    spent(['8'], '2026-11-23', 1n, { currency: 'EUR' }),
    spent(['9'], '2026-11-23', 3n, { currency: 'BRL' }),
  ];

  const csv = sheetAsCsv({ name: 's', by: ['dashboard'], daily }, exchangeOn, PLAIN);

  expect(csv).toContain('0.000001,EUR,\n');
  expect(csv).toContain('0.000003,BRL,0.000003\n');
});

test('without exchange rates, there is no other currency', () => {
  const daily = [spent(['8'], '2026-11-23', 1n)];

  const csv = sheetAsCsv(
    { name: 's', by: ['dashboard'], daily },
    () => ({ ...pricing, exchangeRates: [] }),
    PLAIN,
  );

  expect(csv).toMatch(/currency\n/);
});

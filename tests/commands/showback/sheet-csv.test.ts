import { expect, test } from 'vitest';
import { sheetAsCsv } from '../../../src/commands/showback/sheet-csv.ts';
import type { SpendRow } from '../../../src/records/spend/spend-query.ts';
import { DECIMAL_COMMA, PLAIN } from '../../../src/text/csv.ts';
import { pricing } from '../../budget/builders.ts';
import { unshared } from '../../records/spend/spend.ts';

/** A day's spend that was billed a byte for each micro. */
function spent(keys: readonly (string | null)[], costMicros: bigint, currency = 'USD'): SpendRow {
  const amounts = { queries: 1, bytesBilled: costMicros, freeBytes: 1n, slotMs: 2n, costMicros };
  return { keys, currency, ...amounts, ...unshared };
}

/** Five reais for a dollar, and six from the 24th on. */
function pricingOn(day: string) {
  const microsPerUnit = day < '2026-11-24' ? 5_000_000n : 6_000_000n;
  return { ...pricing, exchangeRates: [{ to: 'BRL', microsPerUnit, asOf: '2026-11-01' }] };
}

test('the days of a line add up, each at its own rate in the other currency; most bytes come first', () => {
  const daily = [
    spent(['7', '2026-11-23'], 10n),
    spent(['8', '2026-11-23'], 1_000_000n),
    spent(['8', '2026-11-24'], 1_500_000n),
  ];

  expect(sheetAsCsv({ name: 's', by: ['dashboard'], daily }, pricingOn, PLAIN)).toBe(
    `dashboard,queries,bytes_billed,free_bytes,slot_ms,cost,currency,cost_brl
8,2,2500000,2,4,2.500000,USD,14.000000
7,1,10,1,2,0.000010,USD,0.000050
`,
  );
});

test('lines of single days keep the order of their keys', () => {
  const daily = [spent(['a', '2026-11-23'], 1n), spent(['b', '2026-11-24'], 9n)];

  const csv = sheetAsCsv({ name: 's', by: ['team', 'day'], daily }, pricingOn, PLAIN);

  expect(csv.split('\n').map((line) => line.slice(0, 12))).toEqual([
    'team,day,que',
    'a,2026-11-23',
    'b,2026-11-24',
    '',
  ]);
});

test('decimals in every currency are written in the dialect', () => {
  const daily = [spent(['8', '2026-11-24'], 1_500_000n)];

  expect(sheetAsCsv({ name: 's', by: ['dashboard'], daily }, pricingOn, DECIMAL_COMMA)).toContain(
    '1,500000;USD;9,000000',
  );
});

test('a cost without a rate is empty in the other currency, and one in that currency is itself', () => {
  const daily = [spent(['8', '2026-11-23'], 1n, 'EUR'), spent(['9', '2026-11-23'], 3n, 'BRL')];

  const csv = sheetAsCsv({ name: 's', by: ['dashboard'], daily }, pricingOn, PLAIN);

  expect(csv).toContain('0.000001,EUR,\n');
  expect(csv).toContain('0.000003,BRL,0.000003\n');
});

test('without exchange rates, there is no other currency', () => {
  const daily = [spent(['8', '2026-11-23'], 1n)];

  const csv = sheetAsCsv(
    { name: 's', by: ['dashboard'], daily },
    () => ({ ...pricing, exchangeRates: [] }),
    PLAIN,
  );

  expect(csv).toMatch(/currency\n/);
});

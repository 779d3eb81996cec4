import { describe, expect, test } from 'vitest';
import {
  amountOfLimit,
  type BudgetLimit,
  formatAmount,
  inBaseUnits,
  rollingHours,
  unitOf,
} from '../../src/vocabulary/budget.ts';

const HOUR = 3_600_000n;

test.each<[BudgetLimit, string, bigint]>([
  [{ measure: 'bytes', bytes: 5n }, 'bytes', 5n],
  [{ measure: 'money', money: { currency: 'BRL', micros: 6n } }, 'BRL', 6n],
  [{ measure: 'slot time', slotMs: 7n }, 'slot-ms', 7n],
  [{ measure: 'queries', queries: 8n }, 'queries', 8n],
  [{ measure: 'at once', queries: 9n }, 'at once', 9n],
])('a limit $measure is counted in its unit', (limit, unit, amount) => {
  expect([unitOf(limit), amountOfLimit(limit)]).toEqual([unit, amount]);
});

describe('an amount formatted for people', () => {
  test.each<[string, bigint, string, string]>([
    ['bytes', 3n << 29n, '1.5 GiB', '1,5 GiB'],
    ['BRL', 12_000_000n, 'R$12.00', 'R$ 12,00'],
    ['slot-ms', 40n * HOUR, '40 slot-hours', '40 horas de slot'],
    ['slot-ms', (3n * HOUR) / 2n, '1.5 slot-hours', '1,5 hora de slot'],
    ['slot-ms', HOUR, '1 slot-hour', '1 hora de slot'],
    ['slot-ms', HOUR / 10n, '0.1 slot-hours', '0,1 hora de slot'],
    ['slot-ms', HOUR / 10n - 1n, '360 slot-seconds', '360 segundos de slot'],
    ['slot-ms', 2_500n, '2.5 slot-seconds', '2,5 segundos de slot'],
    ['slot-ms', 0n, '0 slot-hours', '0 horas de slot'],
    ['queries', 1n, '1 query', '1 consulta'],
    ['queries', 0n, '0 queries', '0 consultas'],
    ['queries', 1_500n, '1,500 queries', '1.500 consultas'],
    ['at once', 4n, '4 at once', '4 ao mesmo tempo'],
  ])('in %s of %d is %s in English and %s in Portuguese', (unit, amount, english, portuguese) => {
    const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

    expect(plain(formatAmount(unit, amount))).toBe(english);
    expect(plain(formatAmount(unit, amount, 'pt-BR'))).toBe(portuguese);
  });
});

test.each([
  ['bytes', 5n, 5],
  ['BRL', 12_500_000n, 12.5],
  ['slot-ms', 2_500n, 2.5],
  ['queries', 8n, 8],
  ['at once', 4n, 4],
])('an amount in %s is converted to base units for metrics', (unit, amount, expected) => {
  expect(inBaseUnits(unit, amount)).toBe(expected);
});

test('a rolling window has its number of hours, other windows have none', () => {
  expect(rollingHours('rolling-24h')).toBe(24);
  expect([rollingHours('day'), rollingHours('now')]).toEqual([null, null]);
});

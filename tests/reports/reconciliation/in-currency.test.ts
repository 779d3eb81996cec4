import { expect, test } from 'vitest';
import { combine } from '../../../src/reports/reconciliation/combine.ts';
import { inCurrency } from '../../../src/reports/reconciliation/in-currency.ts';
import type { ReportRow } from '../../../src/reports/reconciliation/report.ts';

const row: ReportRow = {
  day: '2026-11-24',
  team: 'finops',
  currency: 'USD',
  decisions: 1,
  jobs: 1,
  ledgerBytes: 10n,
  warehouseBytes: 10n,
  ledgerMicros: 2_000_000n,
  warehouseMicros: 1_000_000n,
  findings: 1,
};
const conversion = {
  to: 'BRL',
  currency: 'USD',
  exchangeRates: [
    { to: 'BRL', microsPerUnit: 5_000_000n, asOf: '2026-11-01' },
    { to: 'BRL', microsPerUnit: 6_000_000n, asOf: '2026-11-25' },
  ],
};

test('the costs of each day are converted at its own rate, and its bytes stay', () => {
  const report = { ...combine([]), rows: [row, { ...row, day: '2026-11-25' }] };

  expect(inCurrency(report, conversion).rows).toEqual([
    { ...row, currency: 'BRL', ledgerMicros: 10_000_000n, warehouseMicros: 5_000_000n },
    { ...row, currency: 'BRL', day: '2026-11-25', ledgerMicros: 12_000_000n, warehouseMicros: 6_000_000n },
  ]);
});

test('a team’s day is one line, although it was partly settled in the other currency', () => {
  const inReais = { ...row, currency: 'BRL', ledgerMicros: 1n, warehouseMicros: 1n };
  const report = { ...combine([]), rows: [inReais, row] };

  expect(inCurrency(report, conversion).rows).toEqual([
    {
      ...row,
      currency: 'BRL',
      decisions: 2,
      jobs: 2,
      ledgerBytes: 20n,
      warehouseBytes: 20n,
      ledgerMicros: 10_000_001n,
      warehouseMicros: 5_000_001n,
      findings: 2,
    },
  ]);
});

import { expect, test } from 'vitest';
import { savingsAsCsv, savingsAsJson, savingsAsTable } from '../../../src/commands/savings/formats.ts';
import type { SavingRow } from '../../../src/reports/savings/saving.ts';
import type { SavingsReport } from '../../../src/reports/savings/savings.ts';

const row: SavingRow = {
  keys: ['atendimento'],
  cause: 'rewrite',
  currency: 'USD',
  needs: 1,
  attempts: 3,
  estimatedBytes: 420n << 20n,
  estimatedCostMicros: 2_503_395n,
  savedBytes: 387n << 20n,
  savedCostMicros: 2_306_700n,
};
const report: SavingsReport = {
  by: ['team'],
  from: '2026-11-01',
  to: '2026-12-01',
  timeZone: 'UTC',
  recordsFrom: null,
  rows: [row, { ...row, keys: ['finops\u001b[31m'], cause: 'refusal' }],
};

test('the table has a line for each cause, and the total', () => {
  expect(savingsAsTable(report)).toBe(
    [
      'Savings by team, 2026-11-01 to 2026-12-01 (left out), days of UTC',
      '',
      'team         queries  refused    saved  refused cost  saved cost  because of',
      'atendimento        1  420 MiB  387 MiB         $2.50       $2.31  rewrite',
      'finops�[31m        1  420 MiB  387 MiB         $2.50       $2.31  refusal',
      'total              2  840 MiB  774 MiB         $5.01       $4.61',
      '',
    ].join('\n'),
  );
});

test('the table says so if nothing was refused or records are gone', () => {
  const table = savingsAsTable({ ...report, rows: [], recordsFrom: '2026-11-20' });

  expect(table).toContain('Nothing was refused.');
  expect(table).toContain('Records of before 2026-11-20 were pruned');
});

test('amounts are exact in CSV and JSON', () => {
  expect(savingsAsCsv({ by: ['team'], rows: [row] })).toBe(
    'team,cause,queries,attempts,estimated_bytes,saved_bytes,estimated_cost,saved_cost,currency\n' +
      'atendimento,rewrite,1,3,440401920,405798912,2.503395,2.306700,USD\n',
  );
  expect(JSON.parse(savingsAsJson(report))).toMatchObject({
    recordsFrom: null,
    savings: [{ team: 'atendimento', cause: 'rewrite', savedBytes: '405798912', savedCost: '2.306700' }, {}],
  });
});

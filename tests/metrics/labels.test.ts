import { describe, expect, test } from 'vitest';
import { ruleModeLabel, statementTypeLabel } from '../../src/metrics/labels.ts';

describe('the label of a statement type', () => {
  test("is BigQuery's own for common types, and OTHER for all others", () => {
    expect(['SELECT', 'MERGE', 'UNKNOWN'].map(statementTypeLabel)).toEqual(['SELECT', 'MERGE', 'UNKNOWN']);
    expect(['CREATE_MODEL', 'select', '', 'x'.repeat(100)].map(statementTypeLabel)).toEqual([
      'OTHER',
      'OTHER',
      'OTHER',
      'OTHER',
    ]);
  });
});

test("the label of a rule's mode is the mode that took effect, and exempt for an exemption", () => {
  const source = { file: 'policies/a.yaml', line: 9, column: 5 };
  const why = { owner: 'ana', reason: 'fechamento', until: '2026-12-15', source };

  expect(ruleModeLabel({ mode: 'deny' })).toBe('deny');
  expect(ruleModeLabel({ mode: 'warn', eased: { by: 'date', wouldBe: 'deny', from: '2026-12-01' } })).toBe(
    'warn',
  );
  expect(ruleModeLabel({ mode: 'audit', eased: { by: 'exemption', wouldBe: 'deny', ...why } })).toBe(
    'exempt',
  );
});

import { describe, expect, test } from 'vitest';
import type { SpendRow } from '../../../src/records/spend/spend-query.ts';
import { inOrder, sumRows } from '../../../src/records/spend/sum-rows.ts';

describe('rows of spend, from records, their copy and pruned days,', () => {
  const row: SpendRow = {
    keys: ['atendimento', '2026-11-24'],
    currency: 'USD',
    queries: 1,
    bytesBilled: 20n,
    freeBytes: 3n,
    costMicros: 40n,
    slotMs: 5n,
    sharedQueries: 6,
    sharedBytesBilled: 70n,
    sharedCostMicros: 8n,
  };

  test('add up in every amount if they have the same keys and currency', () => {
    const euros = { ...row, currency: 'EUR' };

    expect(sumRows([row, euros, row])).toEqual([
      {
        ...row,
        queries: 2,
        bytesBilled: 40n,
        freeBytes: 6n,
        costMicros: 80n,
        slotMs: 10n,
        sharedQueries: 12,
        sharedBytesBilled: 140n,
        sharedCostMicros: 16n,
      },
      euros,
    ]);
  });

  test('come most bytes first, or by day in order of their keys, those without a key last', () => {
    const unknown = { ...row, keys: [null, '2026-11-23'], bytesBilled: 90n };
    const finops = { ...row, keys: ['finops', '2026-11-22'], bytesBilled: 50n };

    expect(inOrder([row, unknown, finops], ['team', 'project'])).toEqual([unknown, finops, row]);
    expect(inOrder([unknown, finops, row], ['team', 'day'])).toEqual([row, finops, unknown]);
  });
});

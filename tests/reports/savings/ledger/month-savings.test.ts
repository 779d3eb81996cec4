import { describe, expect, test } from 'vitest';
import { createMonthSavings } from '../../../../src/reports/savings/month-savings.ts';
import { createSavings } from '../../../../src/reports/savings/savings.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { november, refuse, run } from '../books.ts';

describe('the month so far', () => {
  test('begins with the month, and grows as more queries are refused and rewrites taken', async () => {
    const ledger = await freshLedger();
    const savings = createMonthSavings(createSavings({ ledger }));
    const soFar = async (at: Date) =>
      (await savings.soFar({ nowMs: Number(at), timeZone: 'UTC' })).map(({ cause, savedBytes }) => [
        cause,
        savedBytes,
      ]);
    await refuse(ledger, { at: new Date(Date.UTC(2026, 9, 31)) });
    await refuse(ledger, { at: november(2, 9) });
    await refuse(ledger, { at: november(23, 9) }, ['r']);

    const first = await soFar(november(24, 9));
    await run(ledger, { at: november(24, 10), fingerprint: 'r' });
    await refuse(ledger, { at: november(24, 10), person: '13' });
    const second = await soFar(november(24, 11));

    expect(first).toEqual([['refusal', 2000n]]);
    expect(second).toEqual([
      ['refusal', 2000n],
      ['rewrite', 990n],
    ]);
    expect(await soFar(new Date(Date.UTC(2026, 11, 1)))).toEqual([]);
  });
});

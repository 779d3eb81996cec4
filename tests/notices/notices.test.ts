import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createNotices } from '../../src/notices/notices.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { balance, enteredNotices, noon, noticesOf } from './builders.ts';

/** The ledger, with a count of the writes asked of it. */
function counted(ledger: Ledger) {
  const count = { writes: 0 };
  const write: Ledger['write'] = (work) => {
    count.writes += 1;
    return ledger.write(work);
  };
  return { ledger: { ...ledger, write }, count };
}

describe('a check', () => {
  test('does not ask the ledger below every threshold, or if all reached thresholds are known', async () => {
    const { ledger, count } = counted(await freshLedger());
    const notices = noticesOf(ledger);
    const check = (used: bigint) => notices.check([balance({ used })], noon);

    await check(24_000_000n);
    const below = count.writes;
    await Promise.all([check(26_000_000n), check(27_000_000n), check(28_000_000n)]);
    await check(39_000_000n);

    expect(below).toBe(0);
    expect(count.writes).toBe(1);
  });

  test('that fails reports why without rejecting, and the next one tries again', async () => {
    const real = await freshLedger();
    const errors: unknown[] = [];
    let broken = true;
    const write: Ledger['write'] = (work) =>
      broken ? Promise.reject(new Error('the disk is full')) : real.write(work);
    const notices = createNotices({ ledger: { ...real, write }, onError: (error) => errors.push(error) });
    const balances = [balance({ used: 26_000_000n })];

    await notices.check(balances, noon);
    broken = false;
    await notices.check(balances, noon + 1);
    await notices.check(balances, noon + 2);

    expect(errors).toEqual([new Error('the disk is full')]);
    expect(await enteredNotices(real)).toEqual([['', '2026-11-24', 50, 'waits']]);
  });
});

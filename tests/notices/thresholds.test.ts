import { describe, expect, test } from 'vitest';
import { emptyLedgerUrl, freshLedger } from '../ledger/ledgers.ts';
import { balance, budget, enteredNotices, HOUR, ledgerAt, noon, noticesOf } from './builders.ts';

describe('a threshold', () => {
  test('is reached exactly when the percentage of the limit is used, not before', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const big = { budget: budget({ warnAt: [80] }), limit: 2n ** 62n };
    const eightyPercent = (big.limit * 80n) / 100n;

    await notices.check([balance({ ...big, used: eightyPercent })], noon);
    const before = await enteredNotices(ledger);
    await notices.check([balance({ ...big, used: eightyPercent + 1n })], noon);

    expect(before).toEqual([]);
    expect(await enteredNotices(ledger)).toEqual([['', '2026-11-24', 80, 'waits']]);
  });

  test('is entered once per window, even by two replicas and after a restart', async () => {
    const url = await emptyLedgerUrl();
    const ledger = await ledgerAt(url);
    const replicas = [noticesOf(ledger), noticesOf(ledger)];
    const balances = [balance({ used: 26_000_000n })];

    await Promise.all(replicas.flatMap((one) => [one.check(balances, noon), one.check(balances, noon)]));
    await ledger.close();
    const reopened = await ledgerAt(url);
    await noticesOf(reopened).check(balances, noon + HOUR);

    expect(await enteredNotices(reopened)).toEqual([['', '2026-11-24', 50, 'waits']]);
  });

  test('is entered again in the next window, and separately for each account and budget', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const used = 26_000_000n;
    const tomorrow = { key: '2026-11-25', startMs: noon + 12 * HOUR, endMs: noon + 36 * HOUR };
    const perPerson = budget({ name: 'pessoa-dia', per: 'person' });

    await notices.check([balance({ used })], noon);
    await notices.check([balance({ used, window: tomorrow })], noon + 24 * HOUR);
    await notices.check(
      ['ana', 'bia'].map((account) => balance({ budget: perPerson, account, used })),
      noon + 25 * HOUR,
    );

    expect((await enteredNotices(ledger)).toSorted()).toEqual([
      ['', '2026-11-24', 50, 'waits'],
      ['', '2026-11-25', 50, 'waits'],
      ['ana', '2026-11-24', 50, 'waits'],
      ['bia', '2026-11-24', 50, 'waits'],
    ]);
  });

  test('is delivered only if it is the highest of several reached together', async () => {
    const ledger = await freshLedger();

    await noticesOf(ledger).check([balance({ used: 60_000_000n })], noon);

    expect(await enteredNotices(ledger)).toEqual([
      ['', '2026-11-24', 100, 'waits'],
      ['', '2026-11-24', 80, 'sent'],
      ['', '2026-11-24', 50, 'sent'],
    ]);
  });

  test('is delivered each time if thresholds are reached one after the other', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);

    await notices.check([balance({ used: 26_000_000n })], noon);
    await notices.check([balance({ used: 41_000_000n })], noon + 1);

    expect(await enteredNotices(ledger)).toEqual([
      ['', '2026-11-24', 80, 'waits'],
      ['', '2026-11-24', 50, 'waits'],
    ]);
  });

  test('that was added below one already delivered is not delivered', async () => {
    const ledger = await freshLedger();
    const used = 41_000_000n;
    await noticesOf(ledger).check([balance({ used, budget: budget({ warnAt: [80] }) })], noon);

    await noticesOf(ledger).check([balance({ used, budget: budget({ warnAt: [50, 80] }) })], noon + 1);

    expect(await enteredNotices(ledger)).toEqual([
      ['', '2026-11-24', 50, 'sent'],
      ['', '2026-11-24', 80, 'waits'],
    ]);
  });

  test('is reached at once if the limit is 0', async () => {
    const ledger = await freshLedger();

    await noticesOf(ledger).check([balance({ limit: 0n })], noon);

    expect((await enteredNotices(ledger)).map(([, , threshold]) => threshold)).toEqual([100, 80, 50]);
  });

  test('is ignored for a budget of queries at once', async () => {
    const ledger = await freshLedger();
    const atOnce = budget({ window: 'now', limit: { measure: 'at once', queries: 5n } });

    await noticesOf(ledger).check([balance({ budget: atOnce, limit: 5n, used: 5n })], noon);

    expect(await enteredNotices(ledger)).toEqual([]);
  });

  test('of a rolling window is delivered again once a whole window has passed, and not before', async () => {
    const ledger = await freshLedger();
    const replicas = [noticesOf(ledger), noticesOf(ledger)];
    const rolling = [balance({ budget: budget({ window: 'rolling-24h' }), used: 26_000_000n })];
    const check = async (atMs: number) => {
      for (const one of replicas) await one.check(rolling, atMs);
      return (await enteredNotices(ledger)).length;
    };

    const counts = [await check(noon)];
    for (const hours of [13, 23.9, 24, 47, 48]) counts.push(await check(noon + hours * HOUR));

    expect(counts).toEqual([1, 1, 1, 2, 2, 3]);
  });

  test('of a rolling window is delivered again in time by a replica that started later', async () => {
    const ledger = await freshLedger();
    const rolling = [balance({ budget: budget({ window: 'rolling-24h' }), used: 26_000_000n })];
    await noticesOf(ledger).check(rolling, noon);
    const late = noticesOf(ledger);

    await late.check(rolling, noon + 23 * HOUR);
    await late.check(rolling, noon + 24 * HOUR);

    expect(await enteredNotices(ledger)).toHaveLength(2);
  });

  test('of a rolling window is delivered although one was entered under a clock that has been set back since', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const rolling = [balance({ budget: budget({ window: 'rolling-1h' }), used: 26_000_000n })];
    await notices.check(rolling, noon + 24 * HOUR);

    await notices.check(rolling, noon);
    await noticesOf(ledger).check(rolling, noon + HOUR);

    expect(await enteredNotices(ledger)).toHaveLength(3);
  });
});

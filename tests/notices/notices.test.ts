import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createNotices } from '../../src/notices/notices.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { freshLedger, ledgerUrl } from '../ledger/ledgers.ts';
import { balance, budget, HOUR, ledgerAt, noon, noticesOf } from './builders.ts';

/** `[budget, account, window, threshold, whether it waits to be told]`, newest first. */
async function enteredNotices(ledger: Ledger) {
  const notices = await noticesOf(ledger).list({ limit: 100 });
  return notices.map(({ notice, deliveredAtMs }) => [
    notice.account,
    notice.windowKey,
    notice.threshold,
    deliveredAtMs === null ? 'waits' : 'sent',
  ]);
}

/** The ledger, with a count of the writes asked of it. */
function counted(ledger: Ledger) {
  const count = { writes: 0 };
  const write: Ledger['write'] = (work) => {
    count.writes += 1;
    return ledger.write(work);
  };
  return { ledger: { ...ledger, write }, count };
}

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
    const url = await ledgerUrl();
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

describe('the list', () => {
  test('shows notices as they were entered, newest first, as many as requested', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const found: BudgetBalance = balance({
      budget: budget({ per: 'person', whenExceeded: { only: ['sem-particao'] }, contact: 'Rui' }),
      account: 'ana',
      used: 2n ** 63n,
      limit: 2n ** 63n + 1n,
      reserved: 7n,
    });
    await notices.check([balance({ used: 26_000_000n })], noon);
    await notices.check([found], noon + 1);

    expect(await notices.list({ limit: 1 })).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        notice: {
          budget: 'atendimento-dia',
          account: 'ana',
          per: 'person',
          subject: { team: 'atendimento' },
          whenExceeded: 'only',
          window: 'day',
          windowKey: '2026-11-24',
          windowStartMs: noon - 12 * HOUR,
          windowEndMs: noon + 12 * HOUR,
          timeZone: 'America/Sao_Paulo',
          unit: 'BRL',
          limit: 2n ** 63n + 1n,
          used: 2n ** 63n,
          reserved: 7n,
          contact: 'Rui',
          threshold: 80,
          atMs: noon + 1,
          forecast: expect.objectContaining({ usedUpAtMs: expect.any(Number) }),
        },
        deliveredAtMs: null,
        attempts: 0,
        deliveries: [],
      },
    ]);
  });

  test('names nobody to ask for a notice that was entered before budgets had contacts', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    await notices.check([balance({ used: 26_000_000n, budget: budget({ contact: 'Rui' }) })], noon);
    const { content } = await ledger.read.selectFrom('notices').select('content').executeTakeFirstOrThrow();
    const { contact: _, ...before } = JSON.parse(content);
    await ledger.write((db) =>
      db
        .updateTable('notices')
        .set({ content: JSON.stringify(before) })
        .execute(),
    );

    expect(await notices.list({ limit: 1 })).toMatchObject([{ notice: { contact: null } }]);
  });
});

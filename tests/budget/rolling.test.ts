import { describe, expect, test } from 'vitest';
import { applyToBudgets } from '../../src/budget/reservations/apply.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { charge, freshBook } from './account-book.ts';
import { brlLimit, budget, covering, HOUR_MS, request, spend } from './builders.ts';

const PART_MS = (24 * HOUR_MS) / 60;

/** The start of a part of the rolling window. */
const start = Date.UTC(2026, 10, 24, 12);

const rolling = rollingBudget(24);

function rollingBudget(hours: number): Budget {
  return budget({ name: `ultimas-${hours}h`, window: `rolling-${hours}h` });
}

function asking(decisionId: string, bytes: bigint, atMs: number, ...budgets: readonly Budget[]) {
  const coverages = covering(...(budgets.length === 0 ? [rolling] : budgets));
  return request({ decisionId, spend: spend(bytes), atMs, coverages });
}

describe('a rolling window', () => {
  test('counts what was reserved and used in its last hours, across days and parts', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 300n, start));
    await book.charge(charge('a', spend(200n)));
    await book.reserve(asking('b', 400n, start + 12 * HOUR_MS));

    const refused = await book.reserve(asking('c', 401n, start + 24 * HOUR_MS));
    const taken = await book.reserve(asking('d', 400n, start + 24 * HOUR_MS));

    expect(refused).toMatchObject({ reserved: false, balance: { used: 200n, reserved: 400n } });
    expect(taken).toMatchObject({ reserved: true, balances: [{ used: 200n, reserved: 800n }] });
  });

  test('drops a part only once all of it is too old', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 600n, start));
    await book.reserve(asking('b', 400n, start + PART_MS));
    const outOfFirst = start + 24 * HOUR_MS + PART_MS;

    const before = await book.reserve(asking('c', 1n, outOfFirst - 1));
    const after = await book.reserve(asking('c', 600n, outOfFirst));

    expect(before).toMatchObject({ reserved: false, balance: { window: { endMs: outOfFirst } } });
    expect(after).toMatchObject({ reserved: true, balances: [{ reserved: 1000n }] });
    expect(await book.stands(rolling, outOfFirst + PART_MS)).toEqual({ used: 0n, reserved: 600n });
  });

  test('keeps the row that locks all its parts for as long as its last part counts', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 600n, start));
    await book.reserve(asking('b', 400n, start + PART_MS));
    await book.charge(charge('a', spend(50n)));

    const rows = await book.ledger.read
      .selectFrom('budget_windows')
      .select(['window_key', 'ends_at_ms'])
      .where('window_key', '=', 'rolling-24h')
      .execute();

    expect(rows).toEqual([
      { window_key: 'rolling-24h', ends_at_ms: BigInt(start + 24 * HOUR_MS + 2 * PART_MS) },
    ]);
  });

  test('is charged in the part that admitted the query, for as long as that part counts', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 600n, start));
    const later = start + 20 * HOUR_MS;

    await book.charge(charge('a', spend(50n), { atMs: later }));

    expect(await book.stands(rolling, later)).toEqual({ used: 50n, reserved: 0n });
    expect(await book.stands(rolling, start + 25 * HOUR_MS)).toEqual({ used: 0n, reserved: 0n });
  });

  test('counts the hours of each budget separately', async () => {
    const book = await freshBook();
    const short = rollingBudget(2);
    await book.reserve(asking('a', 700n, start, rolling, short));

    const soon = await book.reserve(asking('b', 301n, start + HOUR_MS, short, rolling));
    const later = await book.reserve(asking('c', 301n, start + 3 * HOUR_MS, short, rolling));
    const small = await book.reserve(asking('d', 300n, start + 3 * HOUR_MS, short, rolling));

    expect(soon).toMatchObject({ reserved: false, balance: { budget: { name: 'ultimas-2h' } } });
    expect(later).toMatchObject({ reserved: false, balance: { budget: { name: 'ultimas-24h' } } });
    expect(small).toMatchObject({ reserved: true, balances: [{ reserved: 300n }, { reserved: 1000n }] });
  });

  test('renews when its oldest part with anything in it is over, even if as much is used in it as reserved', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 300n, start));
    await book.charge(charge('a', spend(300n)));
    await book.reserve(asking('b', 300n, start));

    const outcome = await book.reserve(asking('c', 100n, start + 2 * PART_MS));

    expect(outcome).toMatchObject({ balances: [{ window: { endMs: start + 24 * HOUR_MS + PART_MS } }] });
  });

  test('does not wait for a part of which everything was given back', async () => {
    const book = await freshBook();
    const empty = await book.balances(covering(rolling), start);
    await book.reserve(asking('a', 300n, start));
    await book.charge(charge('a', spend(0n)));

    const outcome = await book.reserve(asking('b', 100n, start + 2 * PART_MS));

    expect(empty).toMatchObject([{ window: { endMs: start + PART_MS } }]);
    expect(outcome).toMatchObject({ balances: [{ window: { endMs: start + 24 * HOUR_MS + 3 * PART_MS } }] });
  });

  test('counts the spend of each budget and each account separately', async () => {
    const book = await freshBook();
    const other = budget({ name: 'outro', window: 'rolling-24h' });
    const each = budget({ name: 'por-pessoa', window: 'rolling-24h', per: 'person' });
    const ana = { budget: each, account: 'metabase:ana' };
    const rui = { budget: each, account: 'metabase:rui' };
    await book.reserve(asking('a', 300n, start));
    await book.reserve({ ...asking('b', 200n, start), coverages: [ana] });

    const reserves = [
      { ...asking('c', 700n, start + PART_MS), coverages: [...covering(rolling, other), ana] },
      { ...asking('d', 700n, start + PART_MS), coverages: [rui] },
    ];
    const outcome = await book.ledger.write((db) => applyToBudgets(db, { charges: [], reserves, held: [] }));

    expect(outcome.reserves).toMatchObject([
      { value: { balances: [{ reserved: 1000n }, { reserved: 700n }, { reserved: 900n }] } },
      { value: { balances: [{ reserved: 700n }] } },
    ]);
  });

  test('counts nothing in another unit, from before its limit was changed', async () => {
    const book = await freshBook();
    const inMoney = { ...rolling, limit: brlLimit(1000n) };
    await book.reserve(asking('a', 300n, start));

    const outcome = await book.reserve(asking('b', 100n, start, inMoney));

    expect(outcome).toMatchObject({ reserved: true, balances: [{ used: 0n, reserved: 540n }] });
  });

  test('counts queries admitted by a process whose clock is ahead', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 600n, start + 3 * PART_MS));

    const behind = await book.reserve(asking('b', 401n, start));

    expect(behind).toMatchObject({ reserved: false, balance: { reserved: 600n } });
  });

  test('counts nothing that was admitted under a clock that was years ahead and has been set back since', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 600n, start + 3 * 365 * 24 * HOUR_MS));

    const behind = await book.reserve(asking('b', 1000n, start));

    expect(behind).toMatchObject({ reserved: true, balances: [{ reserved: 1000n }] });
  });

  test('never exceeds its limit when concurrent queries fall into different parts', async () => {
    const book = await freshBook();
    const asked = Array.from({ length: 40 }, (_, i) => asking(`q${i}`, 70n, start + (i % 5) * PART_MS));

    const outcomes = await Promise.all(asked.map(book.reserve));

    expect(outcomes.filter(({ reserved }) => reserved)).toHaveLength(14);
    expect(await book.stands(rolling, start + 4 * PART_MS)).toEqual({ used: 0n, reserved: 980n });
  });

  test('stores in each row when it stops counting, as calendar windows do', async () => {
    const book = await freshBook();
    await book.reserve(asking('a', 1n, start, rolling, budget()));

    const rows = await book.ledger.read
      .selectFrom('budget_windows')
      .select(['window_key', 'ends_at_ms'])
      .orderBy('window_key')
      .execute();

    expect(rows).toEqual([
      { window_key: '2026-11-24', ends_at_ms: BigInt(Date.parse('2026-11-25T03:00:00Z')) },
      { window_key: 'rolling-24h', ends_at_ms: BigInt(start + 24 * HOUR_MS + PART_MS) },
      {
        window_key: 'rolling-24h/2026-11-24T12:00:00.000Z',
        ends_at_ms: BigInt(start + 24 * HOUR_MS + PART_MS),
      },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { BudgetLimit } from '../../src/vocabulary/budget.ts';
import type { Spend } from '../../src/vocabulary/spend.ts';
import { charge, freshBook } from './account-book.ts';
import { atOnce, brlLimit, budget, bytesLimit, covering, request } from './builders.ts';

/** What a query reserves, and the smaller amounts it is billed at. */
const asked: Spend = { bytesBilled: 10n, cost: { currency: 'USD', micros: 20n }, slotMs: 30n, queries: 1n };
const billed: Spend = { bytesBilled: 4n, cost: { currency: 'USD', micros: 5n }, slotMs: 6n, queries: 1n };
const nothing: Spend = { bytesBilled: 0n, cost: { currency: 'USD', micros: 0n }, slotMs: 0n, queries: 0n };

const usd: BudgetLimit = { measure: 'money', money: { currency: 'USD', micros: 20n } };

/** Each limit has room for exactly one query. */
const limits: readonly (readonly [string, BudgetLimit, bigint, bigint])[] = [
  ['bytes', bytesLimit(10n), 10n, 4n],
  ['money', usd, 20n, 5n],
  ['money of another currency', brlLimit(108n), 108n, 27n],
  ['slot time', { measure: 'slot time', slotMs: 30n }, 30n, 6n],
  ['queries', { measure: 'queries', queries: 1n }, 1n, 1n],
];

describe.each(limits)('a limit of %s', (_measure, limit, takes, comesTo) => {
  const of = budget({ limit });
  const asking = (decisionId: string) => request({ decisionId, coverages: covering(of), spend: asked });

  test('admits queries up to the limit and refuses the next', async () => {
    const book = await freshBook();

    const first = await book.reserve(asking('a'));
    const second = await book.reserve(asking('b'));

    expect(first).toMatchObject({ reserved: true, balances: [{ reserved: takes, limit: takes }] });
    expect(second).toMatchObject({ reserved: false, asked: takes, balance: { reserved: takes } });
  });

  test('counts what a query was billed', async () => {
    const book = await freshBook();
    await book.reserve(asking('a'));

    await book.charge(charge('a', billed));

    expect(await book.stands(of)).toEqual({ used: comesTo, reserved: 0n });
  });

  test('gets everything back for a query that did not run', async () => {
    const book = await freshBook();
    await book.reserve(asking('a'));

    await book.charge(charge('a', nothing));

    expect(await book.stands(of)).toEqual({ used: 0n, reserved: 0n });
  });
});

describe('a limit on concurrent queries', () => {
  const places = atOnce(2n);
  const asking = (decisionId: string) => request({ decisionId, coverages: covering(places) });

  test('admits that many running queries, and another for each that ends, even on another day', async () => {
    const book = await freshBook();
    await book.reserve(asking('a'));
    await book.reserve(asking('b'));

    const third = await book.reserve(asking('c'));
    await book.charge(charge('a', billed));
    const again = await book.reserve({ ...asking('c'), atMs: Date.UTC(2026, 11, 24) });

    expect(third).toMatchObject({ reserved: false, asked: 1n, balance: { reserved: 2n, limit: 2n } });
    expect(again).toMatchObject({ reserved: true, balances: [{ used: 0n, reserved: 2n }] });
  });

  test('is reported only when every other budget has room, since only then does waiting help', async () => {
    const book = await freshBook();
    const full = atOnce(0n);
    const small = budget({ limit: bytesLimit(9n) });

    const both = await book.reserve(request({ coverages: covering(full, small) }));
    const alone = await book.reserve(request({ coverages: covering(full, budget()) }));

    expect(both).toMatchObject({ reserved: false, asked: 10n, balance: { budget: { name: small.name } } });
    expect(alone).toMatchObject({ reserved: false, asked: 1n, balance: { budget: { name: full.name } } });
  });

  test('frees the place of a query once, even when the query is charged twice', async () => {
    const book = await freshBook();
    await book.reserve(asking('a'));

    await book.charge(charge('a', billed, { state: 'assumed' }));
    await book.charge(charge('a', billed));

    expect(await book.stands(places)).toEqual({ used: 0n, reserved: 0n });
  });
});

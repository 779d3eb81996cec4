import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeBytesOf } from '../../src/budget/free-tier.ts';
import { applyToBudgets, type Charge } from '../../src/budget/reservations/apply.ts';
import { MS_PER_HOUR, type Tariff } from '../../src/vocabulary/pricing.ts';
import { microPerByte } from '../books/builders.ts';
import { charge, freshBook } from './account-book.ts';
import { budget, covering, noon, request, spend } from './builders.ts';

/** Midnight of the first of December in Los Angeles. */
const december = Date.parse('2026-12-01T08:00:00Z');

const bySlots: Tariff = { model: 'editions', currency: 'USD', microsPerSlotHour: 60_000n };

/** A charge of one micro for each byte beyond the free 100 of a month. */
function billed(
  decisionId: string,
  bytes: bigint,
  { before = 0n, admittedAtMs = noon, freeBytesPerMonth = 100n, tariff = microPerByte } = {},
) {
  return charge(decisionId, spend(bytes), {
    admittedAtMs,
    price: { tariff, freeBytesPerMonth },
    freeBytesBefore: before,
  });
}

describe('the free tier', () => {
  test('covers the first bytes of a month, up to the last free byte', async () => {
    const book = await freshBook();

    const charged = [];
    for (const [id, bytes] of [
      ['a', 60n],
      ['b', 60n],
      ['c', 60n],
    ] as const) {
      charged.push(await book.charge(billed(id, bytes)));
    }

    expect(charged.map(({ freeBytes, cost }) => [freeBytes, cost.micros])).toEqual([
      [60n, 0n],
      [40n, 20n],
      [0n, 60n],
    ]);
  });

  test('is exact when queries are charged concurrently and in one transaction', async () => {
    const book = await freshBook();

    const alone = await Promise.all(['a', 'b', 'c'].map((id) => book.charge(billed(id, 30n))));
    const together = await book.ledger.write((db) =>
      applyToBudgets(db, { charges: [billed('d', 30n), billed('e', 30n)], reserves: [], held: [] }),
    );

    const charged = [...alone, ...together.charges];
    expect(charged.map(({ freeBytes }) => freeBytes)).toEqual([30n, 30n, 30n, 10n, 0n]);
  });

  test('starts again with the Pacific-time month in which the query was admitted', async () => {
    const book = await freshBook();
    await book.charge(billed('a', 80n, { admittedAtMs: december - 1 }));

    const november = await book.charge(billed('b', 80n, { admittedAtMs: december - 1 }));
    const next = await book.charge(billed('c', 80n, { admittedAtMs: december }));

    expect([november, next].map(({ freeBytes }) => freeBytes)).toEqual([20n, 80n]);
  });

  test('gets back the bytes it covered when a query is charged again for less', async () => {
    const book = await freshBook();
    const first = await book.charge(billed('a', 80n));

    const again = await book.charge(billed('a', 50n, { before: first.freeBytes }));
    const other = await book.charge(billed('b', 80n));

    expect([again, other].map(({ freeBytes, cost }) => [freeBytes, cost.micros])).toEqual([
      [50n, 0n],
      [50n, 30n],
    ]);
  });

  test('gets back the bytes it covered when the pricing no longer has a free tier', async () => {
    const book = await freshBook();
    const first = await book.charge(billed('a', 80n));

    const again = await book.charge(billed('a', 80n, { before: first.freeBytes, freeBytesPerMonth: 0n }));
    const other = await book.charge(billed('b', 80n));

    expect([again, other].map(({ freeBytes }) => freeBytes)).toEqual([0n, 80n]);
  });

  test.each<[string, Charge['price']]>([
    ['is paid for by slots', { tariff: bySlots, freeBytesPerMonth: 100n }],
    ['cost nothing', { known: { currency: 'USD', micros: 0n } }],
  ])('gets back the bytes it covered for a query that, charged again, %s', async (_what, price) => {
    const book = await freshBook();
    const first = await book.charge(billed('a', 80n));

    const again = await book.charge(charge('a', spend(0n), { price, freeBytesBefore: first.freeBytes }));
    const other = await book.charge(billed('b', 100n));

    expect([again, other].map(({ freeBytes }) => freeBytes)).toEqual([0n, 100n]);
  });

  test('lowers the charge to a budget of money, and not to a budget of bytes', async () => {
    const book = await freshBook();
    const money = budget({
      name: 'usd',
      limit: { measure: 'money', money: { currency: 'USD', micros: 1000n } },
    });
    await book.reserve(request({ coverages: covering(budget(), money), spend: spend(150n) }));

    await book.charge(billed('a', 150n));

    expect(await book.stands(budget())).toEqual({ used: 150n, reserved: 0n });
    expect(await book.stands(money)).toEqual({ used: 50n, reserved: 0n });
  });

  test('does not cover queries paid for by reserved slots', async () => {
    const book = await freshBook();
    const onSlots = { ...billed('a', 80n, { tariff: bySlots }), slotMs: MS_PER_HOUR / 2n };

    const outcome = await book.charge(onSlots);
    const onDemand = await book.charge(billed('b', 100n));

    expect(outcome).toMatchObject({ cost: { micros: 30_000n }, freeBytes: 0n });
    expect(onDemand.freeBytes).toBe(100n);
  });

  test('is not used up by a charge at a known cost', async () => {
    const book = await freshBook();
    await book.charge(charge('a', spend(80n)));

    expect((await book.charge(billed('b', 100n))).freeBytes).toBe(100n);
  });

  test('covers exactly as much as a month allows, whatever charges are corrected', async () => {
    const amount = fc.bigInt({ min: 0n, max: 120n });
    const charges = fc.array(fc.record({ query: fc.nat(4), billed: amount }), { maxLength: 30 });

    fc.assert(
      fc.property(charges, amount, (all, freeBytesPerMonth) => {
        const paid = new Map<number, { free: bigint; billed: bigint }>();
        let used = 0n;
        for (const { query, billed } of all) {
          const before = paid.get(query)?.free ?? 0n;
          const free = freeBytesOf(used, { billed, before, freeBytesPerMonth });
          used += free - before;
          paid.set(query, { free, billed });

          expect(used).toBe([...paid.values()].reduce((sum, one) => sum + one.free, 0n));
          expect(used).toBeLessThanOrEqual(freeBytesPerMonth);
          expect(free === billed || used === freeBytesPerMonth).toBe(true);
        }
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { atOnce, budget, covering } from '../budget/builders.ts';
import { admission, assumed, freshBooks, settled } from './builders.ts';

const coverages = covering(budget(), atOnce(2n));

describe('a concurrency place of a dead process', () => {
  test('is freed, while the cost of its query stays reserved', async () => {
    const { books, stands } = await freshBooks();
    await books.admit(admission('a', { coverages }));
    await books.admit(admission('b', { coverages }));

    await books.giveBackPlaces(['a']);

    expect(await stands(atOnce(2n))).toEqual({ used: 0n, reserved: 1n });
    expect(await stands()).toEqual({ used: 0n, reserved: 20n });
    expect(await books.admit(admission('c', { coverages }))).toMatchObject({ reserved: true });
    expect(await books.admit(admission('d', { coverages }))).toMatchObject({ reserved: false });
  });

  test('is freed once, however often it is given back, even if the query settles after all', async () => {
    const { books, stands } = await freshBooks();
    await books.admit(admission('a', { coverages }));
    await books.admit(admission('b', { coverages }));

    await Promise.all([books.giveBackPlaces(['a']), books.giveBackPlaces(['a', 'a'])]);
    await books.settle(assumed('a'));
    await books.settle(settled('a', 7n));
    await books.giveBackPlaces(['a']);

    expect(await stands(atOnce(2n))).toEqual({ used: 0n, reserved: 1n });
    expect(await stands()).toEqual({ used: 7n, reserved: 10n });
  });

  test('is not freed again when the query is settled, holds no place, or was never admitted', async () => {
    const { books, stands } = await freshBooks();
    await books.admit(admission('a', { coverages }));
    await books.admit(admission('b'));
    await books.admit(admission('c', { coverages }));
    await books.settle(settled('a'));

    await books.giveBackPlaces(['a', 'b', 'none']);
    await books.giveBackPlaces([]);

    expect(await stands(atOnce(2n))).toEqual({ used: 0n, reserved: 1n });
    expect(await stands()).toEqual({ used: 10n, reserved: 20n });
  });

  test('is no longer listed as held once it is given back', async () => {
    const { books, budgets } = await freshBooks();
    await books.admit(admission('a', { coverages }));

    const before = await budgets.orphans(0, 10, 'asking');
    await books.giveBackPlaces(['a']);
    const after = await budgets.orphans(0, 10, 'asking');

    expect([...before, ...after]).toMatchObject([
      { decisionId: 'a', holdsPlace: true },
      { decisionId: 'a', holdsPlace: false },
    ]);
  });

  test('is freed for each of a thousand queries with several budgets', async () => {
    const { books, stands } = await freshBooks();
    const others = Array.from({ length: 4 }, (_, i) => budget({ name: `outro-${i}`, whenExceeded: 'warn' }));
    const ids = Array.from({ length: 1_000 }, (_, i) => `query-${i}`);
    const covered = covering(atOnce(1_000n), ...others);
    await Promise.all(ids.map((id) => books.admit(admission(id, { coverages: covered }))));

    await books.giveBackPlaces(ids);

    expect(await stands(atOnce(1_000n))).toEqual({ used: 0n, reserved: 0n });
    expect(await stands(others[0])).toEqual({ used: 0n, reserved: 10_000n });
  });
});

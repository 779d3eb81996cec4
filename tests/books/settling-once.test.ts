import { describe, expect, test } from 'vitest';
import { budget, noon, spend } from '../budget/builders.ts';
import { admission, assumed, freshBooks, notRun, settled } from './builders.ts';

describe('settling a query', () => {
  test('replaces the amount reserved by the amount billed, and records it', async () => {
    const { books, records, stands } = await freshBooks();
    await books.admit(admission('a', { spend: spend(600n) }));

    const settlement = await books.settle(settled('a', 250n));

    const { price: _price, admittedAtMs: _at, ...asked } = settled('a', 250n);
    expect(settlement).toEqual({ ...asked, cost: { currency: 'USD', micros: 250n }, freeBytes: 0n });
    expect((await records.get('a'))?.settlement).toEqual(settlement);
    expect(await stands()).toEqual({ used: 250n, reserved: 0n });
  });

  test('keeps the first known amount of two that arrive in sequence', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));

    const first = await books.settle(settled('a', 7n));
    const second = await books.settle(settled('a', 8n, { source: 'job' }));

    expect(second).toEqual(first);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/1']);
  });

  test('keeps the first known amount of several that arrive together', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));

    const outcome = await Promise.all([7n, 8n, 9n].map((bytes) => books.settle(settled('a', bytes))));

    expect(outcome.map(({ bytesBilled }) => bytesBilled)).toEqual([7n, 7n, 7n]);
    expect(outcome.map(({ cost }) => cost.micros)).toEqual([7n, 7n, 7n]);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/1']);
  });

  test('gives everything back for a query that did not run, for good', async () => {
    const { books, stands } = await freshBooks();
    await books.admit(admission('a'));

    await books.settle(notRun('a'));
    const after = await books.settle(settled('a'));

    expect(after).toMatchObject({ source: 'not run', bytesBilled: 0n });
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test('records a query without a reservation, and charges no budget', async () => {
    const { books, records, stands } = await freshBooks();

    await books.settle(settled('a'));
    await books.record(admission('a').decision);

    expect((await records.get('a'))?.settlement).toMatchObject({ bytesBilled: 10n, cost: { micros: 10n } });
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test('keeps what a query without a reservation came to, if it is said later that it did not run', async () => {
    const { books } = await freshBooks();
    const first = await books.settle(settled('a'));

    expect(await books.settle(notRun('a'))).toEqual(first);
  });

  test('replaces an assumed amount by a known one, never the other way round', async () => {
    const { books, records, journal, stands } = await freshBooks();
    await books.admit(admission('a', { spend: spend(600n) }));
    await books.settle(assumed('a', 600n));
    const before = await stands();

    await books.settle(settled('a', 250n));
    const late = await books.settle(assumed('a', 600n));

    expect(before).toEqual({ used: 600n, reserved: 0n });
    expect(late).toMatchObject({ bytesBilled: 250n, source: 'response' });
    expect(await stands()).toEqual({ used: 250n, reserved: 0n });
    expect((await records.get('a'))?.settlement).toMatchObject({ bytesBilled: 250n, source: 'response' });
    expect(await journal()).toEqual(['decision a', 'settlement a/0', 'settlement a/1']);
  });

  test('keeps the first of two assumed amounts, which stays an assumed one', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));

    await books.settle(assumed('a', 10n));
    const second = await books.settle(assumed('a', 9n));

    expect(second).toMatchObject({ bytesBilled: 10n, source: 'assumed' });
    expect(await stands()).toEqual({ used: 10n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/0']);
  });

  test('charges the window in which the query was admitted', async () => {
    const { books, stands } = await freshBooks();
    const midnight = Date.parse('2026-11-25T03:00:00Z');
    await books.admit(admission('a', { atMs: midnight - 1 }));

    await books.settle(settled('a', 10n, { admittedAtMs: midnight - 1, atMs: midnight + 1 }));

    expect(await stands(budget(), midnight - 1)).toEqual({ used: 10n, reserved: 0n });
    expect(await stands(budget(), midnight)).toEqual({ used: 0n, reserved: 0n });
  });

  test('rejects a currency other than that of the admission, and leaves the reservation', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));
    const inEuros = { known: { currency: 'EUR', micros: 1n } };

    await expect(books.settle(settled('a', 1n, { price: inEuros }))).rejects.toMatchObject({
      name: 'BudgetError',
      kind: 'wrong currency',
    });
    expect(await stands()).toEqual({ used: 0n, reserved: 10n });
    expect(await journal()).toEqual(['decision a']);
  });

  test('charges a settlement recorded by a process that died before charging the budgets', async () => {
    const { books, ledger, journal, stands } = await freshBooks();
    await books.admit(admission('a'));
    await ledger.write(async (db) => {
      const [row] = [
        {
          decision_id: 'a',
          version: 1n,
          at_ms: BigInt(noon),
          job_id: 'p:US.j',
          bytes_processed: 7n,
          bytes_billed: 7n,
          free_bytes: 0n,
          cost_micros: 7n,
          currency: 'USD',
          cache_hit: 0n,
          slot_ms: null,
          duration_ms: null,
          error_reason: null,
          source: 'job',
        },
      ];
      await db.insertInto('settlements').values(row).execute();
    });

    const settlement = await books.settle(assumed('a'));

    expect(settlement).toMatchObject({ bytesBilled: 7n, cost: { micros: 7n }, source: 'job' });
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect(await journal()).toEqual(['decision a']);
  });
});

describe('reconciling', () => {
  test('replaces the observed amount by that of the warehouse, each time it changes', async () => {
    const { books, records, journal, stands } = await freshBooks();
    await books.admit(admission('a'));
    await books.settle(settled('a', 7n));

    await books.settle(settled('a', 8n, { source: 'reconciled' }));
    await books.settle(settled('a', 9n, { source: 'reconciled' }));

    expect((await records.get('a'))?.settlement).toMatchObject({ bytesBilled: 9n, source: 'reconciled' });
    expect(await stands()).toEqual({ used: 9n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/1', 'settlement a/2', 'settlement a/3']);
  });

  test('records nothing when the warehouse reports the same amount', async () => {
    const { books, journal } = await freshBooks();
    await books.admit(admission('a'));
    const seen = await books.settle(settled('a', 7n));

    const outcome = await books.settle(settled('a', 7n, { source: 'reconciled' }));

    expect(outcome).toEqual(seen);
    expect(await journal()).toEqual(['decision a', 'settlement a/1']);
  });

  test.each([
    ['job', { jobId: 'guardrail-demo:US.another' }],
    ['slot time', { slotMs: 9 }],
  ])('records a settlement of the same bytes that differs in its %s', async (_what, changes) => {
    const { books, records } = await freshBooks();
    await books.admit(admission('a'));
    await books.settle(settled('a', 7n));

    await books.settle(settled('a', 7n, { ...changes, source: 'reconciled' }));

    expect((await records.get('a'))?.settlement).toMatchObject({ ...changes, source: 'reconciled' });
  });

  test('confirms an assumed amount, so that it is no longer merely assumed', async () => {
    const { books, records } = await freshBooks();
    await books.admit(admission('a'));
    await books.settle({ ...assumed('a'), slotMs: 0 });

    await books.settle({ ...assumed('a'), slotMs: 0, source: 'reconciled' });

    expect((await records.get('a'))?.settlement?.source).toBe('reconciled');
  });

  test('takes precedence over later observations and over assumed amounts', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));
    await books.settle(assumed('a'));

    await books.settle(settled('a', 8n, { source: 'reconciled' }));
    const late = await books.settle(settled('a', 7n));

    expect(late).toMatchObject({ bytesBilled: 8n, source: 'reconciled' });
    expect(await stands()).toEqual({ used: 8n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/0', 'settlement a/2']);
  });
});

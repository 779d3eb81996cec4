import { afterEach, describe, expect, test, vi } from 'vitest';
import { LedgerError } from '../../../src/ledger/errors.ts';
import { budget, spend } from '../../budget/builders.ts';
import { admission, settled } from '../builders.ts';
import { resilient } from './resilient.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('with deny, while the ledger fails', () => {
  test('no query is admitted, and settlements and decisions wait in the spool until it is back', async () => {
    const { books, spool, states, ledger, stands, journal } = await resilient();
    await books.admit(admission('a'));
    ledger.way = 'not';

    await expect(books.admit(admission('b'))).rejects.toThrow('The ledger is gone.');
    const provisional = await books.settle(settled('a', 7n));
    await books.record({ ...admission('b').decision, outcome: 'failed' });
    await books.catchUp();
    const whileDown = await journal();
    ledger.way = 'well';
    await books.catchUp();

    expect(provisional).toMatchObject({ bytesBilled: 7n, cost: { micros: 7n } });
    expect(whileDown).toEqual(['decision a']);
    expect(await journal()).toEqual(['decision a', 'decision b', 'settlement a/1']);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect([spool.size, states]).toEqual([0, ['down', 'up']]);
  });

  test('a query that the ledger admitted without confirming it is given back', async () => {
    const { books, ledger, stands, records } = await resilient();
    ledger.way = 'in doubt';

    await expect(books.admit(admission('a'))).rejects.toThrow('The ledger is gone.');
    const meanwhile = await stands();
    ledger.way = 'well';
    await books.catchUp();

    expect(meanwhile).toEqual({ used: 0n, reserved: 10n });
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
    expect((await records.get('a'))?.settlement).toMatchObject({ source: 'not run', bytesBilled: 0n });
  });

  test('a query that the ledger admitted after its client was refused is given back', async () => {
    const { books, ledger, stands, records } = await resilient({ timeoutMs: 5 });
    const { promise, resolve } = Promise.withResolvers<void>();
    ledger.way = promise;

    await expect(books.admit(admission('a'))).rejects.toThrow('has not answered within 5 ms');
    ledger.way = 'well';
    resolve();

    await vi.waitFor(async () => {
      await books.catchUp();
      expect((await records.get('a'))?.settlement).toMatchObject({ source: 'not run' });
    });
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test('a query that the ledger admitted too late is put in the spool before the books close', async () => {
    const { books, ledger, stands, spool } = await resilient({ timeoutMs: 5 });
    const { promise, resolve } = Promise.withResolvers<void>();
    ledger.way = promise;
    await expect(books.admit(admission('a'))).rejects.toThrow('has not answered within 5 ms');
    ledger.way = 'well';

    const drained = books.drained();
    resolve();
    await drained;

    expect(spool.holds('a')).toBe(true);
    await books.catchUp();
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test.each(['late', 'in doubt'] as const)(
    'a query admitted %s that the spool cannot take either is reported, and given back by a later attempt',
    async (how) => {
      const { books, ledger, stands, records, spool, unwritten } = await resilient({ timeoutMs: 5 });
      const { promise, resolve } = Promise.withResolvers<void>();
      ledger.way = how === 'late' ? promise : how;
      const full = vi.spyOn(spool, 'append').mockRejectedValue(new Error('no space left'));

      await expect(books.admit(admission('a'))).rejects.toBeInstanceOf(LedgerError);
      resolve();
      await books.drained();
      await books.catchUp();
      const meanwhile = { held: [...unwritten], stands: await stands() };
      full.mockRestore();
      ledger.way = 'well';
      await books.catchUp();
      await books.catchUp();

      expect(meanwhile).toEqual({
        held: [['a', 'Error: no space left']],
        stands: { used: 0n, reserved: 10n },
      });
      expect((await records.get('a'))?.settlement).toMatchObject({ source: 'not run' });
      expect([await stands(), unwritten.length]).toEqual([{ used: 0n, reserved: 0n }, 1]);
    },
  );

  test('the next queries are refused without asking the ledger, until a second has passed', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { books, ledger, states } = await resilient();
    ledger.way = 'not';
    await expect(books.admit(admission('a'))).rejects.toThrow('The ledger is gone.');
    const askedBefore = ledger.asked;
    ledger.way = 'well';

    await expect(books.admit(admission('b'))).rejects.toThrow('The ledger has just failed.');
    const askedInRest = ledger.asked;
    vi.advanceTimersByTime(1_001);

    expect(askedInRest).toBe(askedBefore);
    expect(await books.admit(admission('c'))).toMatchObject({ reserved: true });
    expect(states).toEqual(['down', 'up']);
  });

  test('giving back a query that the ledger never admitted leaves no trace', async () => {
    const { books, ledger, journal, stands } = await resilient();
    ledger.way = 'not';
    await expect(books.admit(admission('a'))).rejects.toThrow('The ledger is gone.');
    ledger.way = 'well';

    await books.catchUp();

    expect(await journal()).toEqual([]);
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });
});

describe('with allow_capped, while the ledger fails', () => {
  test('queries are admitted even beyond a limit, and all of them are counted later', async () => {
    const { books, spool, ledger, stands, journal } = await resilient({ onFailure: 'allow_capped' });
    ledger.way = 'not';

    const outcomes = [];
    for (const id of ['a', 'b']) outcomes.push(await books.admit(admission(id, { spend: spend(900n) })));
    await books.settle(settled('a', 800n));
    const waiting = spool.size;
    ledger.way = 'well';
    await books.catchUp();

    expect(outcomes).toEqual([
      { reserved: true, balances: [] },
      { reserved: true, balances: [] },
    ]);
    expect(waiting).toBe(3);
    expect(await stands(budget())).toEqual({ used: 800n, reserved: 900n });
    expect(await journal()).toEqual(['decision a', 'decision b', 'settlement a/1']);
  });

  test('a settlement queues behind its admission even once the ledger is back', async () => {
    const { books, spool, ledger, stands } = await resilient({ onFailure: 'allow_capped' });
    ledger.way = 'not';
    await books.admit(admission('a'));
    ledger.way = 'well';
    // A heartbeat has found the ledger back, so nothing else holds the settlement back.
    await books.observe(async () => undefined);

    await books.settle(settled('a', 7n));
    const waiting = spool.size;
    await books.catchUp();

    expect(waiting).toBe(2);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
  });

  test.each(['in doubt', 'late'] as const)(
    'a query that the ledger admitted %s is counted once',
    async (how) => {
      const { books, ledger, stands, journal } = await resilient({ onFailure: 'allow_capped', timeoutMs: 5 });
      const { promise, resolve } = Promise.withResolvers<void>();
      ledger.way = how === 'late' ? promise : how;

      await books.admit(admission('a'));
      await books.settle(settled('a', 7n));
      ledger.way = 'well';
      resolve();
      await vi.waitFor(async () => {
        await books.catchUp();
        expect(await stands()).toEqual({ used: 7n, reserved: 0n });
      });

      expect(await journal()).toEqual(['decision a', 'settlement a/1']);
    },
  );
});

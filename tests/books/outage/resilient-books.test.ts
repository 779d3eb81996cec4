import { mkdir, rm } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { spend } from '../../budget/builders.ts';
import { admission, settled } from '../builders.ts';
import { resilient, unreachableError } from './resilient.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('while the ledger works', () => {
  test('everything is written to it, and nothing waits in the spool', async () => {
    const { books, spool, states, stands, journal } = await resilient();

    await books.admit(admission('a'));
    await books.settle(settled('a', 7n));
    await books.record(admission('b').decision);

    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'decision b', 'settlement a/1']);
    expect([spool.size, states]).toEqual([0, []]);
  });

  test('an error that is not from the database goes to the caller, and nothing waits in the spool', async () => {
    const { books, spool, states } = await resilient({ onFailure: 'allow_capped' });
    const inEuros = { ...spend(10n), cost: { currency: 'EUR', micros: 1n } };

    await expect(books.admit(admission('a', { spend: inEuros }))).rejects.toMatchObject({
      kind: 'wrong currency',
    });
    expect([spool.size, states]).toEqual([0, []]);
  });
});

describe('without queries', () => {
  test('the heartbeat of the process notices that the ledger fails and that it is back', async () => {
    const { books, states } = await resilient();

    await expect(books.observe(() => Promise.reject(unreachableError()))).rejects.toThrow(
      'The ledger is gone.',
    );
    const whileDown = [...states];
    await books.observe(() => Promise.resolve());

    expect([whileDown, states]).toEqual([['down'], ['down', 'up']]);
  });
});

describe('a spool that cannot be read', () => {
  test('is reported without counting as a ledger failure, and its entries are written once it is readable', async () => {
    const { books, spool, spoolPath, states, ledger, stands } = await resilient();
    await books.admit(admission('a'));
    ledger.way = 'not';
    await books.settle(settled('a', 7n));
    ledger.way = 'well';
    await books.observe(() => Promise.resolve());
    await mkdir(`${spoolPath}.draining`);

    await expect(books.catchUp()).rejects.toThrow('EISDIR');
    const admitted = await books.admit(admission('b'));
    const meanwhile = { size: spool.size, states: [...states] };
    await rm(`${spoolPath}.draining`, { recursive: true });
    await books.catchUp();

    expect(admitted.reserved).toBe(true);
    expect(meanwhile).toEqual({ size: 1, states: ['down', 'up'] });
    expect(await stands()).toEqual({ used: 7n, reserved: 10n });
    expect(spool.size).toBe(0);
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { spend } from '../../budget/builders.ts';
import { admission, settled } from '../builders.ts';
import { resilient } from './resilient.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('catching up with the spool', () => {
  test('counts an entry once when an earlier attempt was interrupted after writing it', async () => {
    const { books, ledger, rejected, stands, spool } = await resilient({ onFailure: 'allow_capped' });
    ledger.way = 'not';
    await books.admit(admission('a'));
    await books.settle(settled('a', 7n));
    ledger.way = 'in doubt';
    await books.catchUp();
    await books.catchUp();
    const waiting = spool.size;
    ledger.way = 'well';

    await books.catchUp();

    expect(waiting).toBe(2);
    expect([spool.size, rejected]).toEqual([0, []]);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
  });

  test('reports and drops an entry that the books never accept, and goes on with the next', async () => {
    const { books, ledger, rejected, journal, spool } = await resilient({ onFailure: 'allow_capped' });
    ledger.way = 'not';
    await books.admit(
      admission('poison', { spend: { ...spend(10n), cost: { currency: 'EUR', micros: 1n } } }),
    );
    await books.admit(admission('a'));
    ledger.way = 'well';

    await books.catchUp();

    expect(rejected.map((entry) => entry.kind === 'admission' && entry.decision.id)).toEqual(['poison']);
    expect(await journal()).toEqual(['decision a']);
    expect(spool.size).toBe(0);
  });

  test('reports an entry that can no longer be read, and waits for it no more', async () => {
    const { books, ledger, damages, spool, spoolPath } = await resilient();
    ledger.way = 'not';
    await books.record(admission('a').decision);
    await writeFile(spoolPath, (await readFile(spoolPath, 'utf8')).replace(' ', ' x'));
    ledger.way = 'well';

    await books.catchUp();

    expect(damages).toEqual([{ lines: 1, file: expect.stringContaining(spoolPath) }]);
    expect([spool.size, spool.holds('a')]).toEqual([0, false]);
  });

  test('runs once at a time, however often it is called', async () => {
    const { books, ledger } = await resilient();
    ledger.way = 'not';
    await books.record(admission('a').decision);
    const { asked } = ledger;
    ledger.way = 'well';

    await Promise.all([books.catchUp(), books.catchUp(), books.catchUp()]);

    expect(ledger.asked).toBe(asked + 1);
  });
});

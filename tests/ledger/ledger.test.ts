import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import { MAX_AMOUNT } from '../../src/vocabulary/max-amount.ts';
import { freshLedger, ledgerUrl } from './ledgers.ts';
import { budgetsIn, insertWindow } from './windows.ts';

describe('opening the ledger', () => {
  test('finds earlier writes', async () => {
    const url = await ledgerUrl();
    const first = await openLedger(url);
    await insertWindow(first, 'b', MAX_AMOUNT);
    await first.close();

    const second = await openLedger(url);
    const rows = await second.read.selectFrom('budget_windows').selectAll().execute();
    await second.close();

    expect(rows).toMatchObject([
      { budget: 'b', account: '', window_key: 'w', used: MAX_AMOUNT, reserved: 0n },
    ]);
  });

  test('rejects a schema of a newer build, and names the migration that it does not know', async () => {
    const url = await ledgerUrl();
    const ledger = await openLedger(url);
    const newer = `insert into kysely_migration values ('2099-01-01-later', '2099-01-01')`;
    await ledger.write((db) => db.executeQuery(CompiledQuery.raw(newer)));
    await ledger.close();

    await expect(openLedger(url)).rejects.toMatchObject({
      kind: 'newer schema',
      message: expect.stringMatching(/2099-01-01-later.*Run the newer guardrail/),
    });
  });

  test('accepts two kinds of address, and never shows the password in one', async () => {
    for (const url of ['mysql://me:secret@host/db', 'me:secret', 'sqlite:', '']) {
      const error = await openLedger(url).catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ name: 'LedgerError', kind: 'unsupported url' });
      expect(String(error)).toMatch(/sqlite:PATH.*postgres:/);
      expect(String(error)).not.toContain('secret');
    }
  });
});

describe('writing', () => {
  test('rolls back work that fails, and continues with the next', async () => {
    const ledger = await freshLedger();
    const failing = ledger.write(async (db) => {
      await db
        .insertInto('budget_windows')
        .values({ budget: 'a', account: '', window_key: 'w', unit: 'u' })
        .execute();
      throw new Error('changed its mind');
    });
    const next = insertWindow(ledger, 'b');

    await expect(failing).rejects.toThrow('changed its mind');
    await next;
    expect(await budgetsIn(ledger)).toEqual(['b']);
  });

  test('shows readers nothing of a transaction that has not ended', async () => {
    const ledger = await freshLedger();

    const [, seen] = await Promise.all([
      ledger.write(async (db) => {
        await db
          .insertInto('budget_windows')
          .values({ budget: 'a', account: '', window_key: 'w', unit: 'u' })
          .execute();
        await db.deleteFrom('budget_windows').execute();
      }),
      budgetsIn(ledger),
    ]);

    expect(seen).toEqual([]);
  });

  test('rejects a balance beyond 64 bits instead of rounding it', async () => {
    const ledger = await freshLedger();
    await insertWindow(ledger, 'b', MAX_AMOUNT);

    const more = ledger.write((db) =>
      db
        .updateTable('budget_windows')
        .set((eb) => ({ used: eb('used', '+', 1n) }))
        .execute(),
    );

    await expect(more).rejects.toMatchObject({
      name: 'LedgerError',
      message: expect.stringMatching(/CHECK|out of range/),
    });
  });

  test('counts and sums in bigint', async () => {
    const ledger = await freshLedger();
    await insertWindow(ledger, 'b');

    const counted = await ledger.read
      .selectFrom('budget_windows')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirst();

    expect(counted).toEqual({ count: 1n });
  });

  test('finishes pending work before it closes, and accepts none afterwards', async () => {
    const url = await ledgerUrl();
    const ledger = await openLedger(url);
    const asked = ['a', 'b', 'c'].map((name) => insertWindow(ledger, name));

    await ledger.close();
    await Promise.all(asked);

    await expect(insertWindow(ledger, 'd')).rejects.toMatchObject({ kind: 'closed' });
    const again = await openLedger(url);
    onTestFinished(() => again.close());
    expect(await budgetsIn(again)).toEqual(['a', 'b', 'c']);
  });

  test('keeps exactly the writes that resolved, whatever else fails in whatever order', async () => {
    const ledger = await freshLedger();
    const fates = fc.constantFrom('does well', 'throws first', 'throws last', 'breaks a constraint');
    const pieces = fc.array(fc.record({ fate: fates, turns: fc.nat(3) }), { maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(pieces, async (asked) => {
        await ledger.write((db) => db.deleteFrom('budget_windows').execute());

        const outcomes = await Promise.allSettled(
          asked.map(async ({ fate, turns }, i) => {
            for (let turn = 0; turn < turns; turn += 1) await setImmediate();
            const budget = `${i}`.padStart(2, '0');
            await ledger.write(async (db) => {
              const insert = () =>
                db
                  .insertInto('budget_windows')
                  .values({ budget, account: '', window_key: 'w', unit: 'bytes' })
                  .execute();
              if (fate === 'throws first') throw new Error(fate);
              await insert();
              if (fate === 'breaks a constraint') await insert();
              if (fate === 'throws last') throw new Error(fate);
            });
            return budget;
          }),
        );

        const resolved = outcomes
          .filter((outcome) => outcome.status === 'fulfilled')
          .map(({ value }) => value);
        expect(await budgetsIn(ledger)).toEqual(resolved);
        expect(resolved).toHaveLength(asked.filter(({ fate }) => fate === 'does well').length);
      }),
      { numRuns: 50 },
    );
  });
});

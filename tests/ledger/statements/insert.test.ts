import fc from 'fast-check';
import type { Selectable } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import type { LedgerSchema } from '../../../src/ledger/schema.ts';
import { createInsert } from '../../../src/ledger/statements/insert.ts';
import { freshLedger, sqliteUrl } from '../ledgers.ts';

type WindowRow = Selectable<LedgerSchema['budget_windows']>;

const insertWindows = createInsert('budget_windows', (insert) =>
  insert.onConflict((on) => on.doNothing()).returning('account'),
);

test('what is inserted is what is read, in whatever order each row has its columns', async () => {
  const ledger = await freshLedger();
  const shuffled = (row: WindowRow) =>
    fc.shuffledSubarray(Object.entries(row), { minLength: 7 }).map((columns) => Object.fromEntries(columns));

  await fc.assert(
    fc.asyncProperty(
      fc
        .uniqueArray(
          fc.record({ n: fc.nat(), used: fc.maxSafeNat().map(BigInt), ends: fc.option(fc.nat()) }),
          {
            selector: ({ n }) => n,
            minLength: 1,
            maxLength: 20,
          },
        )
        .map((all) => all.map(({ n, used, ends }) => row(`a${n}`, used, ends === null ? null : BigInt(ends))))
        .chain((rows) => fc.tuple(...rows.map(shuffled)).map((inserted) => ({ rows, inserted }))),
      async ({ rows, inserted }) => {
        await ledger.write((db) => db.deleteFrom('budget_windows').execute());

        await ledger.write((db) => insertWindows(db, inserted as WindowRow[]));

        const read = await ledger.read.selectFrom('budget_windows').selectAll().execute();
        expect(read).toHaveLength(rows.length);
        expect(read).toEqual(expect.arrayContaining(rows));
      },
    ),
  );
});

test('rows that no single statement can bind are inserted by several, which return theirs', async () => {
  const ledger = await freshLedger();
  const rows = Array.from({ length: 5_000 }, (_, i) => row(`a${i}`));

  const returned = await ledger.write((db) => insertWindows(db, rows));

  expect(new Set(returned.map(({ account }) => account))).toEqual(
    new Set(rows.map(({ account }) => account)),
  );
});

test('only rows that are new are returned where others are left as they are', async () => {
  const ledger = await freshLedger();
  await ledger.write((db) => insertWindows(db, [row('old', 1n)]));

  const returned = await ledger.write((db) => insertWindows(db, [row('old', 2n), row('new', 3n)]));

  expect(returned).toEqual([{ account: 'new' }]);
});

test('no rows insert nothing', async () => {
  const ledger = await freshLedger();

  expect(await ledger.write((db) => insertWindows(db, []))).toEqual([]);
});

test('one insert serves several ledgers, of either kind', async () => {
  const inSqlite = await openLedger(await sqliteUrl());
  onTestFinished(() => inSqlite.close());
  const other = await freshLedger();

  for (const ledger of [inSqlite, other]) {
    await ledger.write((db) => insertWindows(db, [row('a', 7n)]));

    expect(await ledger.read.selectFrom('budget_windows').select('used').execute()).toEqual([{ used: 7n }]);
  }
});

function row(account: string, used = 0n, ends_at_ms: bigint | null = null): WindowRow {
  return { budget: 'b', account, window_key: 'w', unit: 'bytes', used, reserved: 0n, ends_at_ms };
}

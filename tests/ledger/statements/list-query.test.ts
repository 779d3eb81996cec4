import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { type Ledger, type LedgerReader, openLedger } from '../../../src/ledger/ledger.ts';
import { createListQuery } from '../../../src/ledger/statements/list-query.ts';
import { freshLedger, sqliteUrl } from '../ledgers.ts';

const readUsed = createListQuery((db: LedgerReader, accounts, ...atLeast) =>
  db
    .selectFrom('budget_windows')
    .select(['account', 'used'])
    .where('account', 'in', accounts)
    .where('used', '>=', atLeast[0] ?? 0n)
    .orderBy('used'),
);

test('each row is found once, however long the list is', async () => {
  const ledger = await ledgerWith(1_100);

  for (const length of [1, 2, 3, 7, 8, 511, 512, 513, 1_100]) {
    const accounts = Array.from({ length }, (_, i) => `a${i}`);

    const rows = await readUsed(ledger.read, accounts, 0n);

    expect(rows).toEqual(accounts.map((account, i) => ({ account, used: BigInt(i) })));
  }
});

test('what was asked before does not count: neither its list nor the rest', async () => {
  const ledger = await ledgerWith(9);

  await readUsed(ledger.read, ['a1', 'a2', 'a3'], 0n);

  expect(await readUsed(ledger.read, ['a8', 'a5', 'missing'], 6n)).toEqual([{ account: 'a8', used: 8n }]);
});

test('one query serves several ledgers, of either kind, and transactions', async () => {
  const inSqlite = await openLedger(await sqliteUrl());
  onTestFinished(() => inSqlite.close());
  const other = await freshLedger();

  for (const ledger of [inSqlite, other]) {
    const rows = await ledger.write(async (db) => {
      await db.insertInto('budget_windows').values(row(0)).execute();
      return readUsed(db, ['a0'], 0n);
    });

    expect(rows).toEqual([{ account: 'a0', used: 0n }]);
  }
});

test('a query that binds a value of its own, or its values in another order, is refused', async () => {
  const ledger = await ledgerWith(1);
  const bindsMore = createListQuery((db: LedgerReader, accounts) =>
    db.selectFrom('budget_windows').selectAll().where('account', 'in', accounts).where('unit', '=', 'bytes'),
  );
  const bindsInAnotherOrder = createListQuery((db: LedgerReader, accounts, ...atLeast) =>
    db
      .selectFrom('budget_windows')
      .selectAll()
      .where('used', '>=', atLeast[0] ?? 0n)
      .where('account', 'in', accounts),
  );
  const bindsNoMore = createListQuery((db: LedgerReader, accounts) =>
    db
      .selectFrom('budget_windows')
      .selectAll()
      .where('account', 'in', accounts)
      .where('unit', '=', sql.lit('bytes')),
  );

  await expect(bindsMore(ledger.read, ['a0'])).rejects.toThrow('binds something else than its list');
  await expect(bindsInAnotherOrder(ledger.read, ['a0'], 0n)).rejects.toThrow(
    'binds something else than its list',
  );
  expect(await bindsNoMore(ledger.read, ['a0'])).toHaveLength(1);
});

/** A ledger with so many accounts of a budget, each of which has used its own number. */
async function ledgerWith(accounts: number): Promise<Ledger> {
  const ledger = await freshLedger();
  const rows = Array.from({ length: accounts }, (_, i) => row(i));
  await ledger.write((db) => db.insertInto('budget_windows').values(rows).execute());
  return ledger;
}

function row(n: number) {
  return { budget: 'b', account: `a${n}`, window_key: 'w', unit: 'bytes', used: BigInt(n), ends_at_ms: null };
}

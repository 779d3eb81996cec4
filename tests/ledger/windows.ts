import type { Ledger } from '../../src/ledger/ledger.ts';

/** Writes a row of the ledger's simplest table. */
export function insertWindow(ledger: Ledger, budget: string, used = 0n): Promise<void> {
  return ledger.write(async (db) => {
    await db
      .insertInto('budget_windows')
      .values({ budget, account: '', window_key: 'w', unit: 'bytes', used })
      .execute();
  });
}

/** The names of all that `insertWindow` wrote. */
export async function budgetsIn(ledger: Ledger): Promise<readonly string[]> {
  const rows = await ledger.read.selectFrom('budget_windows').select('budget').orderBy('budget').execute();
  return rows.map(({ budget }) => budget);
}

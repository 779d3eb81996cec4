import { CompiledQuery } from 'kysely';
import { onTestFinished } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import type { LedgerTransaction } from '../../../src/ledger/writes.ts';

export async function openAt(url: string): Promise<Ledger> {
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  return ledger;
}

export function run(ledger: Ledger, statement: string) {
  return ledger.write((db) => db.executeQuery(CompiledQuery.raw(statement)));
}

export function addOne(db: LedgerTransaction, budget: string) {
  return db
    .updateTable('budget_windows')
    .set((eb) => ({ used: eb('used', '+', 1n) }))
    .where('budget', '=', budget)
    .execute();
}

import { createBudgets } from '../../src/budget/budgets.ts';
import { applyToBudgets, type Charge, type ChargeOutcome } from '../../src/budget/reservations/apply.ts';
import { lockReservations } from '../../src/budget/reservations/held.ts';
import type { ReserveOutcome, ReserveRequest } from '../../src/budget/reservations/reserve.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Budget, Coverage } from '../../src/vocabulary/budget.ts';
import type { Spend } from '../../src/vocabulary/spend.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { budget, covering, noon, spend } from './builders.ts';

/** A charge of the given spend at its known cost, unless changed. */
export function charge(decisionId: string, of: Spend = spend(10n), changes: Partial<Charge> = {}): Charge {
  const { bytesBilled, slotMs, queries, cost } = of;
  return {
    decisionId,
    admittedAtMs: noon,
    atMs: noon,
    bytesBilled,
    slotMs,
    queries,
    price: { known: cost },
    freeBytesBefore: 0n,
    state: 'settled',
    ...changes,
  };
}

/** Budgets alone, without decisions and settlements, one change per transaction. */
function accountBook(ledger: Ledger) {
  const budgets = createBudgets({ ledger });
  return {
    ...budgets,
    ledger,
    reserve: (request: ReserveRequest): Promise<ReserveOutcome> =>
      ledger.write(async (db) => {
        const held = await lockReservations(db, [request.decisionId]);
        const [outcome] = (await applyToBudgets(db, { charges: [], reserves: [request], held })).reserves;
        if (outcome?.ok) return outcome.value;
        throw outcome?.error;
      }),
    charge: (charge: Charge): Promise<ChargeOutcome> =>
      ledger.write(async (db) => {
        const held = await lockReservations(db, [charge.decisionId]);
        const [outcome] = (await applyToBudgets(db, { charges: [charge], reserves: [], held })).charges;
        if (outcome === undefined) throw new Error('the charge has no outcome');
        return outcome;
      }),
    /** What one account has used and reserved. */
    async stands(of: Budget | Coverage = budget(), atMs = noon) {
      const coverages = 'account' in of ? [of] : covering(of);
      const [balance] = await budgets.balances(coverages, atMs);
      return { used: balance?.used, reserved: balance?.reserved };
    },
  };
}

export type AccountBook = ReturnType<typeof accountBook>;

export async function freshBook(): Promise<AccountBook> {
  return accountBook(await freshLedger());
}

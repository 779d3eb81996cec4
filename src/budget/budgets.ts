import type { Ledger } from '../ledger/ledger.ts';
import type { Budget, Coverage } from '../vocabulary/budget.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { accountWindowsAt, idOf, keyOf } from './accounts.ts';
import { fullestAccounts, readBalances } from './balances.ts';
import {
  expiredReservations,
  type Orphan,
  orphanedReservations,
  type UnsettledReservation,
} from './reservations/unsettled.ts';

export type { Orphan, UnsettledReservation } from './reservations/unsettled.ts';

/** The accounts that paid for a query, and when. */
export interface SettledQuery {
  readonly coverages: readonly Coverage[];
  readonly atMs: number;
}

/** The state of budgets, for reading. The books charge them. */
export interface Budgets {
  /** The state of accounts in the window that contains an instant, in the given order. */
  balances(coverages: readonly Coverage[], atMs: number): Promise<readonly BudgetBalance[]>;
  /** The state of the accounts of some queries in the windows that contain them, each once. */
  standingAfter(queries: readonly SettledQuery[]): Promise<readonly BudgetBalance[]>;
  /** The state of budgets; for a budget that is split by person or the like, the accounts with the most spend. */
  standing(budgets: readonly Budget[], atMs: number, mostAccounts: number): Promise<readonly BudgetBalance[]>;
  /** Open reservations that have expired, oldest first. */
  expired(nowMs: number, most: number): Promise<readonly UnsettledReservation[]>;
  /**
   * Open reservations of dead processes, oldest first.
   * @param self the process that asks: it is alive, whatever its lease says after a clock change or an outage of the
   * ledger
   */
  orphans(nowMs: number, most: number, self: string): Promise<readonly Orphan[]>;
}

/** Budgets kept in the ledger. */
export function createBudgets({ ledger }: { readonly ledger: Pick<Ledger, 'read'> }): Budgets {
  const db = ledger.read;
  return {
    balances: (coverages, atMs) => readBalances(db, accountWindowsAt(coverages, atMs)),
    standingAfter(queries) {
      const windows = queries.flatMap(({ coverages, atMs }) => accountWindowsAt(coverages, atMs));
      const distinct = new Map(windows.map((window) => [idOf(keyOf(window)), window]));
      return readBalances(db, [...distinct.values()]);
    },
    async standing(budgets, atMs, mostAccounts) {
      const split = budgets.filter(({ per }) => per !== null);
      const fullest = await fullestAccounts(db, split, atMs, mostAccounts);
      const coverages = budgets.flatMap((budget): readonly Coverage[] => {
        const accounts = budget.per === null ? [''] : (fullest.get(budget.name) ?? []);
        return accounts.map((account) => ({ budget, account }));
      });
      return readBalances(db, accountWindowsAt(coverages, atMs));
    },
    expired: (nowMs, most) => expiredReservations(db, nowMs, most),
    orphans: (nowMs, most, self) => orphanedReservations(db, nowMs, most, self),
  };
}

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
} from './unsettled.ts';

export type { Grant } from './grants.ts';
export type { ReserveOutcome, ReserveRequest } from './reserve.ts';
export type { Orphan, UnsettledReservation } from './unsettled.ts';

/** What a query was paid out of, and when. */
export interface SettledQuery {
  readonly coverages: readonly Coverage[];
  readonly atMs: number;
}

/** How budgets stand, for reading. They are charged by the books. */
export interface Budgets {
  /** How accounts stand in the window that holds an instant, in the order given. */
  balances(coverages: readonly Coverage[], atMs: number): Promise<readonly BudgetBalance[]>;
  /** How the accounts of some queries stand in the windows that hold these, each once. */
  standingAfter(queries: readonly SettledQuery[]): Promise<readonly BudgetBalance[]>;
  /** How budgets stand; of one that is kept apart by person and the like, the accounts that have spent most. */
  standing(budgets: readonly Budget[], atMs: number, mostAccounts: number): Promise<readonly BudgetBalance[]>;
  /** Open reservations whose time is over, oldest first. */
  expired(nowMs: number, most: number): Promise<readonly UnsettledReservation[]>;
  /**
   * Open reservations of processes that live no more, oldest first.
   * @param self the process that asks: it lives, whatever its lease says after a clock was set or the ledger was away
   */
  orphans(nowMs: number, most: number, self?: string): Promise<readonly Orphan[]>;
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
      const coverages: Coverage[] = [];
      for (const budget of budgets) {
        const accounts = budget.per === null ? [''] : await fullestAccounts(db, budget, atMs, mostAccounts);
        coverages.push(...accounts.map((account) => ({ budget, account })));
      }
      return readBalances(db, accountWindowsAt(coverages, atMs));
    },
    expired: (nowMs, most) => expiredReservations(db, nowMs, most),
    orphans: (nowMs, most, self) => orphanedReservations(db, nowMs, most, self),
  };
}

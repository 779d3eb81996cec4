import type { Ledger } from '../ledger/ledger.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import type { Budget } from '../vocabulary/policy.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { claimsOf, type ReserveOutcome, type ReserveRequest, reserveClaims } from './reserve.ts';
import {
  assumeExpired,
  releaseReservation,
  type SettleOutcome,
  type SettleRequest,
  settleReservation,
  type UnsettledReservation,
  unsettledReservations,
} from './settle.ts';
import { readBalances, windowsAt } from './standing.ts';

export type { ReserveOutcome, ReserveRequest } from './reserve.ts';
export type { SettleOutcome, SettleRequest, UnsettledReservation } from './settle.ts';

/** Budgets and what is taken out of them. Whatever a call writes is durable when it resolves. */
export interface Budgets {
  /**
   * Takes a spend out of every budget, or out of none: each budget of mode deny must hold all of it beside what is
   * used and reserved; those of mode warn take it in any case. A decision that asks again for what it holds is told
   * so and holds it once.
   * @throws BudgetError where the decision holds something else or is settled, where the spend is not in the
   * pricing's currency, or a rate is missing; LedgerError where nothing could be written
   */
  reserve(request: ReserveRequest): Promise<ReserveOutcome>;
  /**
   * Replaces a decision's reservation by what it was billed, in the window that admitted it, also where that is more
   * than was reserved. The exchange rates are those of admission, kept with the reservation: with those of today, a
   * query that is billed just what it reserved could still pass the limit that it was let in under. The first
   * settlement stands, but takes the place of one that `repair` assumed.
   * @throws BudgetError where the spend is not in the currency of admission; LedgerError
   */
  settle(request: SettleRequest): Promise<SettleOutcome>;
  /** Settles a decision at nothing: its query did not run. */
  release(decisionId: string): Promise<SettleOutcome>;
  /** How budgets stand in the window that holds an instant. */
  balances(budgets: readonly Budget[], atMs: number): Promise<readonly BudgetBalance[]>;
  /**
   * Reservations that wait for their settlement, oldest first. At start these are what a killed process left: settle
   * those whose jobs can be asked.
   * @param options.olderThanMs only those admitted before this instant
   */
  unsettled(options?: { readonly olderThanMs?: number }): Promise<readonly UnsettledReservation[]>;
  /**
   * Charges every reservation that has expired with all that it holds, the worst case: a budget that shows too
   * little spent is worse than one that shows too much. All of them, or none where it rejects.
   * @returns what was assumed, as settlements to be recorded; bytes processed are taken to be those reserved
   */
  repair(nowMs: number): Promise<readonly Settlement[]>;
}

/**
 * Budgets kept in the ledger.
 * @param clock milliseconds since the epoch, for what is released
 */
export function createBudgets({
  ledger,
  clock = Date.now,
}: {
  readonly ledger: Ledger;
  readonly clock?: () => number;
}): Budgets {
  return {
    async reserve(request) {
      const claims = claimsOf(request);
      return ledger.write((db) => reserveClaims(db, request, claims));
    },
    settle: (request) => ledger.write((db) => settleReservation(db, request)),
    release: (decisionId) => ledger.write((db) => releaseReservation(db, decisionId, clock())),
    balances: (budgets, atMs) => readBalances(ledger.read, windowsAt(budgets, atMs)),
    unsettled: ({ olderThanMs } = {}) => unsettledReservations(ledger.read, olderThanMs ?? null),
    repair: (nowMs) => ledger.write((db) => assumeExpired(db, nowMs)),
  };
}

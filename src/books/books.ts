import type { ReserveOutcome, ReserveRequest } from '../budget/reserve.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Tariff } from '../vocabulary/pricing.ts';

/** What a query came to, before it is priced: that waits for what the month's free tier still holds. */
export interface UnpricedSettlement extends Omit<Settlement, 'cost' | 'freeBytes'> {
  readonly tariff: Tariff;
  /** The month's allowance at no cost; 0 for none. */
  readonly freeBytesPerMonth: Bytes;
}

/**
 * What is written of a query, each step in one transaction over budgets and records, durable when it resolves.
 * @throws LedgerError where nothing could be written
 */
export interface Books {
  /** Takes a query's spend out of its budgets and enters its decision, or does neither. */
  admit(admission: {
    readonly reservation: ReserveRequest;
    readonly decision: Decision;
  }): Promise<ReserveOutcome>;
  /** Enters a decision that reserves nothing: refused, failed, unguarded. One that is there already stays as it is. */
  record(decision: Decision): Promise<void>;
  /**
   * Enters what a query came to and charges its budgets. The first that is known stands, but takes the place of what
   * was assumed, and gives way to source `reconciled`. A job that another decision has settled is entered as
   * `repeated`, at nothing.
   * @returns the settlement as it stands
   */
  settle(settlement: UnpricedSettlement): Promise<Settlement>;
}

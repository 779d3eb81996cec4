import type { ReserveOutcome, ReserveRequest } from '../budget/reserve.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Money } from '../vocabulary/money.ts';
import type { Tariff } from '../vocabulary/pricing.ts';

/** What a query came to, before it is priced: that waits for what the month's free tier still holds. */
export interface UnpricedSettlement extends Omit<Settlement, 'cost' | 'freeBytes'> {
  /** When its query was admitted. */
  readonly admittedAtMs: number;
  readonly price: SettlementPrice;
}

/** By what a query is paid for; or what it cost, where that is known. */
export type SettlementPrice =
  | {
      readonly tariff: Tariff;
      /** The month's allowance at no cost; 0 for none. */
      readonly freeBytesPerMonth: Bytes;
    }
  | { readonly known: Money };

/** A query that is let through, if its budgets hold it. */
export interface Admission {
  readonly reservation: ReserveRequest;
  /** The decision to enter where they do. */
  readonly decision: Decision;
}

/** One thing to write. */
export type Entry =
  | ({ readonly kind: 'admission' } & Admission)
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'settlement'; readonly settlement: UnpricedSettlement };

/** What was written. */
export type Entered =
  | { readonly kind: 'admission'; readonly outcome: ReserveOutcome }
  | { readonly kind: 'decision' }
  | { readonly kind: 'settlement'; readonly settlement: Settlement };

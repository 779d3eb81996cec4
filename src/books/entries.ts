import type { ReserveOutcome, ReserveRequest } from '../budget/reserve.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Money } from '../vocabulary/money.ts';
import type { Tariff } from '../vocabulary/pricing.ts';

/** What a query came to, not priced yet: its price depends on how much of the month's free tier is left. */
export interface UnpricedSettlement extends Omit<Settlement, 'cost' | 'freeBytes'> {
  /** When its query was admitted. */
  readonly admittedAtMs: number;
  readonly price: SettlementPrice;
}

/** How a query is paid for, or its cost where that is known. */
export type SettlementPrice =
  | {
      readonly tariff: Tariff;
      /** The month's free allowance; 0 for none. */
      readonly freeBytesPerMonth: Bytes;
    }
  | { readonly known: Money };

/** A query that is let through if its budgets have room. */
export interface Admission {
  readonly reservation: ReserveRequest;
  /** The decision to enter if they do. */
  readonly decision: Decision;
}

/** One thing to write. */
export type Entry =
  | ({ readonly kind: 'admission' } & Admission)
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'settlement'; readonly settlement: UnpricedSettlement };

/** What was written. */
export type EntryResult =
  | { readonly kind: 'admission'; readonly outcome: ReserveOutcome }
  | { readonly kind: 'decision' }
  | { readonly kind: 'settlement'; readonly settlement: Settlement };

/** The decision that an entry belongs to. */
export function decisionIdOf(entry: Entry): string {
  return entry.kind === 'settlement' ? entry.settlement.decisionId : entry.decision.id;
}

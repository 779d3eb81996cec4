import type { Bytes } from './bytes.ts';
import type { Settlement } from './decision.ts';
import type { Money } from './money.ts';
import type { Tariff } from './pricing.ts';

/** What a query came to, not priced yet: its price depends on how much of the month's free tier is left. */
export interface UnpricedSettlement extends Omit<Settlement, 'cost' | 'freeBytes'> {
  /** When its query was admitted, which decides which month's free tier pays. */
  readonly admittedAtMs: number;
  readonly price: SettlementPrice;
}

/** How a query is paid for, or its cost where that is known. */
export type SettlementPrice =
  | {
      readonly tariff: Tariff;
      /** What the month's free tier covers of all queries; 0 if there is none. */
      readonly freeBytesPerMonth: Bytes;
    }
  | { readonly known: Money };

import type { ReserveOutcome, ReserveRequest } from '../budget/reservations/reserve.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { UnpricedSettlement } from '../vocabulary/unpriced-settlement.ts';

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

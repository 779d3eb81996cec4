import type { ReservationState } from '../../../ledger/schema.ts';
import type { Bytes } from '../../../vocabulary/bytes.ts';
import type { Currency, Money } from '../../../vocabulary/money.ts';
import type { Tariff } from '../../../vocabulary/pricing.ts';

/** What the ledger holds about a decision, where the warehouse could say something about it. */
export interface LedgerEntry {
  readonly decisionId: string;
  /** When it was made; if only its settlement was ever recorded, when that was. */
  readonly atMs: number;
  readonly projectId: string;
  /** As BigQuery writes it: from its job, or else its estimate; null if neither is known. */
  readonly location: string | null;
  /** Empty if only the settlement was recorded. */
  readonly team: string;
  readonly principal: string | null;
  readonly admitted: boolean;
  /** Null if it reserved nothing. */
  readonly reservation: ReservationState | null;
  /** The currency in which it was reserved or settled; null if it was neither. */
  readonly currency: Currency | null;
  /** The one that stands. */
  readonly settlement: LedgerSettlement | null;
}

export interface LedgerSettlement {
  /** The job's full name, or null. */
  readonly job: string | null;
  readonly bytesBilled: Bytes;
  /** The part of the bytes billed that the free tier covered. */
  readonly freeBytes: Bytes;
  readonly cost: Money;
  readonly slotMs: bigint | null;
  readonly source: string;
  /** How it was priced; null if it was entered at a known cost, or before tariffs were kept. */
  readonly tariff: Tariff | null;
}

/** Whether, according to the ledger, something ran or may have run. */
export function mayHaveRun({ admitted, reservation, settlement }: LedgerEntry): boolean {
  if (settlement === null) return admitted || reservation === 'open';
  return (
    settlement.source === 'assumed' ||
    settlement.job !== null ||
    settlement.bytesBilled > 0n ||
    (settlement.slotMs ?? 0n) > 0n
  );
}

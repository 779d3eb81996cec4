import type { ReservationState } from '../ledger/schema.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Currency, Money } from '../vocabulary/money.ts';
import type { Tariff } from '../vocabulary/pricing.ts';

/** What the ledger holds of one decision, as far as the warehouse could say something of it. */
export interface LedgerEntry {
  readonly decisionId: string;
  /** When it was made; where only its settlement was ever recorded, when that was. */
  readonly atMs: number;
  readonly projectId: string;
  /** As BigQuery writes it: of its job, else of its estimate; null where neither is known. */
  readonly location: string | null;
  /** Empty where only the settlement was recorded. */
  readonly team: string;
  readonly principal: string | null;
  readonly admitted: boolean;
  /** Null where it reserved nothing. */
  readonly reservation: ReservationState | null;
  /** In which it was reserved or settled; null where it was neither. */
  readonly currency: Currency | null;
  /** The one that stands. */
  readonly settlement: LedgerSettlement | null;
}

export interface LedgerSettlement {
  /** The job's full name, or null. */
  readonly job: string | null;
  readonly bytesBilled: Bytes;
  /** The part of the bytes billed that the free tier paid for. */
  readonly freeBytes: Bytes;
  readonly cost: Money;
  readonly slotMs: bigint | null;
  readonly source: string;
  /** By what it was priced; null where it was entered at a known cost, or before this was kept. */
  readonly tariff: Tariff | null;
}

/** Whether the ledger takes it that something ran, or may have. */
export function mayHaveRun({ admitted, reservation, settlement }: LedgerEntry): boolean {
  if (settlement === null) return admitted || reservation === 'open';
  return (
    settlement.source === 'assumed' ||
    settlement.job !== null ||
    settlement.bytesBilled > 0n ||
    (settlement.slotMs ?? 0n) > 0n
  );
}

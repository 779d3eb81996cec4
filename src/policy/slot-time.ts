import type { Budget } from '../vocabulary/budget.ts';
import type { Pricing, Tariff } from '../vocabulary/pricing.ts';

/** A tenth of a slot-hour, for a query that was never seen where the pricing says nothing of such. */
const UNKNOWN_SLOT_MS = 360_000n;

/** Whether anything hangs on the slot time of a query: its price, or a budget. */
export function slotTimeCounts(budgets: readonly Budget[], tariff: Tariff): boolean {
  return tariff.model === 'editions' || budgets.some(({ limit }) => limit.measure === 'slot time');
}

/** What a query that was never seen is taken to need, in slot-milliseconds. */
export function unknownSlotMs({ editions }: Pricing): bigint {
  return editions?.unknownSlotMs ?? UNKNOWN_SLOT_MS;
}

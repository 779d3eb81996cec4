import type { Budget } from '../vocabulary/budget.ts';
import type { Pricing, Tariff } from '../vocabulary/pricing.ts';
import { DEFAULT_UNKNOWN_SLOT_MS } from './pricing.ts';

/** Whether anything hangs on the slot time of a query: its price, or a budget. */
export function slotTimeCounts(budgets: readonly Budget[], tariff: Tariff): boolean {
  return tariff.model === 'editions' || budgets.some(({ limit }) => limit.measure === 'slot time');
}

/** What a query that was never seen is taken to need, in slot-milliseconds. */
export function unknownSlotMs({ editions }: Pricing): bigint {
  return editions?.unknownSlotMs ?? DEFAULT_UNKNOWN_SLOT_MS;
}

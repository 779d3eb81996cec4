import type { Budget } from '../vocabulary/budget.ts';
import type { Pricing, Tariff } from '../vocabulary/pricing.ts';
import { DEFAULT_UNKNOWN_SLOT_MS } from './pricing.ts';

/** Whether the slot time of a query matters: for its price, or for a budget. */
export function slotTimeMatters(budgets: readonly Budget[], tariff: Tariff): boolean {
  return tariff.model === 'editions' || budgets.some(({ limit }) => limit.measure === 'slot time');
}

/** The slot-milliseconds that a query never seen before is assumed to need. */
export function unknownSlotMs({ editions }: Pricing): bigint {
  return editions?.unknownSlotMs ?? DEFAULT_UNKNOWN_SLOT_MS;
}

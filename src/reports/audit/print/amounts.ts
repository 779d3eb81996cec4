import { formatBytes } from '../../../vocabulary/bytes.ts';
import { formatMoney } from '../../../vocabulary/money.ts';
import type { RunCost } from '../report.ts';

/** How the amounts of a report are formatted. */
export interface AmountFormat {
  readonly currency: string;
  readonly locale: string;
}

/** A dash if it could not be priced. */
export function formatCost(cost: Pick<RunCost, 'micros'> | null, { currency, locale }: AmountFormat): string {
  return cost === null ? '–' : formatMoney({ currency, micros: cost.micros }, locale);
}

/** A dash if it could not be priced. */
export function formatCostBytes(cost: Pick<RunCost, 'bytesBilled'> | null, { locale }: AmountFormat): string {
  return cost === null ? '–' : formatBytes(cost.bytesBilled, locale);
}

/** A rate, such as views a day. */
export function formatRate(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

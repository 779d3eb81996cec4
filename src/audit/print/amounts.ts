import { formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import type { RunCost } from '../report.ts';

/** How the amounts of a report are formatted. */
export interface Writing {
  readonly currency: string;
  readonly locale: string;
}

/** A dash if it could not be priced. */
export function money(cost: Pick<RunCost, 'micros'> | null, { currency, locale }: Writing): string {
  return cost === null ? '–' : formatMoney({ currency, micros: cost.micros }, locale);
}

/** A dash if it could not be priced. */
export function bytes(cost: Pick<RunCost, 'bytesBilled'> | null, { locale }: Writing): string {
  return cost === null ? '–' : formatBytes(cost.bytesBilled, locale);
}

/** A rate, such as views a day. */
export function rate(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

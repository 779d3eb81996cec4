/** Millionths of a currency's main unit: 1 BRL is 1,000,000 micros. Never a float, so that sums are exact. */
export type Micros = bigint;

/** An ISO 4217 code, such as `USD` or `BRL`. */
export type Currency = string;

/** An amount in one currency. Amounts in different currencies are never added up. */
export interface Money {
  readonly currency: Currency;
  readonly micros: Micros;
}

export const MICROS_PER_UNIT: Micros = 1_000_000n;

/**
 * Money as people read it: `US$ 6,25` in pt-BR, `$6.25` in en. Amounts under ten cents get up to four decimals, so that
 * a small query does not look free.
 */
export function formatMoney(money: Money, locale = 'en'): string {
  const small = money.micros !== 0n && money.micros < 100_000n && money.micros > -100_000n;
  const format = numberFormat(locale, money.currency, small ? 4 : 2);
  return format.format(Number(money.micros) / Number(MICROS_PER_UNIT));
}

/** Making one takes ten times as long as writing an amount with it, and a page has hundreds of amounts. */
const made = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, currency: Currency, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${maximumFractionDigits}`;
  const format =
    made.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits });
  made.set(key, format);
  return format;
}

/** An amount as exact decimal text in the currency's main unit, always with six decimals: `0.000060`. */
export function decimalOf(micros: Micros): string {
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

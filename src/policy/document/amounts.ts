import type { BudgetLimit } from '../../vocabulary/budget.ts';
import { type Bytes, GIB, MIB, TIB } from '../../vocabulary/bytes.ts';
import { MAX_AMOUNT } from '../../vocabulary/max-amount.ts';
import { MICROS_PER_UNIT, type Micros } from '../../vocabulary/money.ts';
import { MS_PER_HOUR } from '../../vocabulary/pricing.ts';

const UNITS: ReadonlyMap<string, Bytes> = new Map([
  ['B', 1n],
  ['KB', 10n ** 3n],
  ['MB', 10n ** 6n],
  ['GB', 10n ** 9n],
  ['TB', 10n ** 12n],
  ['PB', 10n ** 15n],
  ['KiB', 1n << 10n],
  ['MiB', MIB],
  ['GiB', GIB],
  ['TiB', TIB],
  ['PiB', TIB << 10n],
]);

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export const BYTES_EXPECTED =
  'bytes such as 20 GiB, with a unit of B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB';
export const LIMIT_EXPECTED = `${BYTES_EXPECTED}; money such as 150 BRL or 25.50 USD; 40 slot-hours; 500 queries; or 4 at once, one at the least`;
export const SLOT_TIME_EXPECTED = 'slot time such as 0.1 slot-hours, in whole milliseconds';

const NUMBER = String.raw`\d{1,20}(\.\d{1,20})?\s*`;
const BYTES_UNIT = 'B|[KMGTP]B|[KMGTP]iB';
const SLOT_UNIT = 'slot-hours?';

/** Patterns for editors: they match every accepted amount, and a little more. */
export const BYTES_PATTERN = anchored(BYTES_UNIT);
export const SLOT_TIME_PATTERN = anchored(SLOT_UNIT);
export const LIMIT_PATTERN = anchored(`${BYTES_UNIT}|[A-Z]{3}|${SLOT_UNIT}|query|queries|at once`);

function anchored(units: string): RegExp {
  return new RegExp(String.raw`^\s*${NUMBER}(${units})\s*$`);
}

/** Whether this is a currency's ISO 4217 code, in upper case. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** `20 GiB` as bytes, exactly; null if it is not a whole number of bytes or is more than the ledger holds. */
export function parseBytes(text: string): Bytes | null {
  const { number, unit } = split(text);
  const factor = UNITS.get(unit);
  return factor === undefined ? null : scaleDecimal(number, factor);
}

/**
 * `20 GiB`, `150 BRL`, `40 slot-hours`, `500 queries` or `4 at once` as a limit, exactly; null if it is none of these.
 */
export function parseLimit(text: string): BudgetLimit | null {
  const { number, unit } = split(text);
  if (isCurrency(unit)) {
    return limitOf(parseMicros(number), (micros) => ({
      measure: 'money',
      money: { currency: unit, micros },
    }));
  }
  switch (unit) {
    case 'slot-hour':
    case 'slot-hours':
      return limitOf(parseSlotTime(text), (slotMs) => ({ measure: 'slot time', slotMs }));
    case 'query':
    case 'queries':
      return limitOf(scaleDecimal(number, 1n), (queries) => ({ measure: 'queries', queries }));
    case 'at once':
      return limitOf(scaleDecimal(number, 1n), (queries) =>
        queries < 1n ? null : { measure: 'at once', queries },
      );
    default:
      return limitOf(parseBytes(text), (bytes) => ({ measure: 'bytes', bytes }));
  }
}

function limitOf(amount: bigint | null, limit: (amount: bigint) => BudgetLimit | null): BudgetLimit | null {
  return amount === null ? null : limit(amount);
}

/** `0.1 slot-hours` as slot-milliseconds, exactly; null if that is not a whole number. */
export function parseSlotTime(text: string): bigint | null {
  const { number, unit } = split(text);
  return unit === 'slot-hour' || unit === 'slot-hours' ? scaleDecimal(number, MS_PER_HOUR) : null;
}

/** `6.25` as micros, exactly; null if it is not a plain decimal, or has more than six decimal places. */
export function parseMicros(text: string): Micros | null {
  return scaleDecimal(text, MICROS_PER_UNIT);
}

function split(text: string): { readonly number: string; readonly unit: string } {
  const match = /^(\S*\d)\s*([A-Za-z][A-Za-z -]*)$/.exec(text.trim());
  return { number: match?.[1] ?? '', unit: match?.[2] ?? '' };
}

/** A plain decimal times a factor, if the product is whole, without going through a float. */
function scaleDecimal(decimal: string, factor: bigint): bigint | null {
  const match = /^(\d{1,20})(?:\.(\d{1,20}))?$/.exec(decimal);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  const denominator = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * factor;
  const amount = product / denominator;
  return product % denominator === 0n && amount <= MAX_AMOUNT ? amount : null;
}

import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { languages } from '../../foundation/text/language.ts';
import { BYTES_EXPECTED, BYTES_PATTERN, isCurrency, parseBytes, parseMicros } from './amounts.ts';

/** Every scalar arrives as text. A schema's message is what was expected, phrased to follow "expected". */
const NAME = 'a name of lower-case letters, digits, - and _, at most 63';
export const name = z.string(NAME).regex(/^[a-z0-9_-]{1,63}$/, NAME);

/**
 * A text read by a function, which returns null to reject it.
 * @param pattern for editors; it matches everything that the function accepts
 */
export function parsed<T>(expected: string, parse: (text: string) => T | null, pattern: RegExp) {
  return z
    .string(expected)
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== null) return value;
      context.addIssue({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    })
    .meta({ pattern: pattern.source });
}

export function text(expected: string) {
  return z.string(expected).trim().min(1, expected);
}

const CONTACT = 'whom to ask, on one line of at most 120 characters';
/** Stands in the middle of a sentence. */
export const contact = text(CONTACT)
  .max(120, CONTACT)
  .regex(/^[^\r\n]*$/, CONTACT);

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

export const language = oneOf(languages);
export const timeZone = parsed(
  'an IANA time zone such as America/Sao_Paulo or UTC',
  zoneOrNull,
  /^[A-Za-z]\S*$/,
);
export const bytes = parsed(BYTES_EXPECTED, parseBytes, BYTES_PATTERN);
export const price = parsed(
  'a price or rate such as "6.25", with at most six decimals',
  parseMicros,
  /^\d{1,20}(\.\d{1,20})?$/,
);

const DATE = /^\d{4}-\d{2}-\d{2}$/;
export const date = parsed('a date such as 2026-11-01', dateOrNull, DATE);

const CURRENCY = 'an ISO 4217 currency such as USD or BRL';
export const currency = z
  .string(CURRENCY)
  .refine(isCurrency, CURRENCY)
  .meta({ pattern: /^[A-Z]{3}$/.source });

const PRINCIPAL = 'a principal: an e-mail, or a pattern such as "*@example.com"';
export const principal = z.string(PRINCIPAL).regex(/^\S+$/, PRINCIPAL);

const PROJECT = 'a project ID, or a pattern such as "etl-*"';
export const project = z.string(PROJECT).regex(/^[a-z0-9.:*-]+$/, PROJECT);

/** IANA names only: an offset such as +03:00 would not follow a country's clock changes. */
function zoneOrNull(zone: string): string | null {
  if (/^[+-]/.test(zone)) return null;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return zone;
  } catch {
    return null;
  }
}

/** Years have four digits: days are compared as text, and the last day that a calendar knows has no day after it. */
function dateOrNull(date: string): string | null {
  if (!DATE.test(date)) return null;
  try {
    return Temporal.PlainDate.from(date).toString() === date ? date : null;
  } catch {
    return null;
  }
}

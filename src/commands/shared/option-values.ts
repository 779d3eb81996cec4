import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { isSinceYearOne, isTimeZone, startOfDay } from '../../foundation/calendar/days.ts';
import { DAY_MS, HOUR_MS } from '../../foundation/calendar/durations.ts';
import { BYTES_EXPECTED, parseBytes } from '../../policy/document/amounts.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** A port; 0 for any that is free. */
export function port(text: string): number {
  return parse(z.coerce.number().int().min(0).max(65_535), text, 'a port is a whole number from 0 to 65535');
}

export function count(text: string): number {
  return parse(z.coerce.number().int().positive(), text, 'a count is a whole number above 0');
}

export function countOrNone(text: string): number {
  return parse(z.coerce.number().int().nonnegative(), text, 'it is a whole number');
}

/** An amount such as `3 GiB`. */
export function bytes(text: string): Bytes {
  const amount = parseBytes(text);
  if (amount !== null) return amount;
  throw new InvalidArgumentError(`expected ${BYTES_EXPECTED}.`);
}

/** A code such as `BRL`, in whichever case; whether there is a rate for it, the policy says. */
export function currency(text: string): string {
  return parse(
    z.string().regex(/^[A-Za-z]{3}$/),
    text,
    'a currency is written as three letters, such as BRL',
  ).toUpperCase();
}

/** A calendar day, as written: which instants it covers depends on the time zone. */
export function date(text: string): string {
  return parse(z.iso.date().refine(isSinceYearOne), text, 'a date is written 2026-10-31');
}

/** A calendar month, as written. */
export function month(text: string): string {
  const schema = z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .refine(isSinceYearOne);
  return parse(schema, text, 'a month is written 2026-11');
}

/** @see https://cloud.google.com/resource-manager/docs/creating-managing-projects */
export function projectId(text: string): string {
  return parse(
    z.string().regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    text,
    'it is no project ID',
  );
}

/** A BigQuery location. */
export function location(text: string): string {
  return parse(
    z.string().regex(/^[a-z]+(-[a-z0-9]+)*$/i),
    text,
    'a location is written US or southamerica-east1',
  );
}

/** An IANA time zone that this runtime knows. */
export function timeZone(text: string): string {
  return parse(z.string().refine(isTimeZone), text, 'a time zone is written America/Sao_Paulo');
}

/** A UTC date or an ISO instant, as milliseconds since the epoch. */
export function instant(text: string): number {
  const schema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).refine(isSinceYearOne);
  return Date.parse(parse(schema, text, 'write a date, 2026-11-01, or an instant, 2026-11-01T03:00:00Z'));
}

/** A day or an ISO instant, as milliseconds since the epoch: a day means its first instant in a time zone. */
export function dayOrInstant(text: string): (timeZone: string) => number {
  const atMs = instant(text);
  return (timeZone) => (z.iso.date().safeParse(text).success ? startOfDay(text, timeZone) : atMs);
}

/** The span that options chose. @throws Error if it ends before it begins: it would seem that nothing happened in it */
export function inOrder<Span extends TimeSpan>(span: Span): Span {
  const { fromMs, toMs } = span;
  if (fromMs < toMs) return span;
  const [from, to] = [fromMs, toMs].map((atMs) => new Date(atMs).toISOString());
  throw new Error(`There is nothing from ${from} up to ${to}. Name a start before the end.`);
}

const UNIT_MS: Readonly<Record<string, number>> = { h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };

/** A time relative to now, `30d`, or an absolute one. */
export function since(text: string): (nowMs: number) => number {
  const [, count, unit = ''] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (count !== undefined && unitMs !== undefined) return (nowMs) => nowMs - Number(count) * unitMs;
  try {
    const atMs = instant(text);
    return () => atMs;
  } catch {
    throw new InvalidArgumentError(
      'Write 30d, 4w or 12h, a date, 2026-11-01, or an instant, 2026-11-01T03:00:00Z.',
    );
  }
}

/** Some of the known words, with commas between them. */
export function listOf<const Word extends string>(known: readonly Word[]): (text: string) => readonly Word[] {
  const words = z.array(z.enum(known));
  return (text) => {
    const parsed = words.safeParse(text.split(','));
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`Known are ${known.join(', ')}.`);
  };
}

/** An option that may be given more than once. */
export function repeatable<T>(
  parseValue: (text: string) => T,
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parseValue(text)];
}

function parse<T>(schema: z.ZodType<T>, text: string, rule: string): T {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`${rule}.`);
}

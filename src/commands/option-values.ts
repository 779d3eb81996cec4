import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { isTimeZone } from '../records/calendar-days.ts';

export function port(text: string): number {
  return parse(z.coerce.number().int().min(0).max(65_535), text, 'a port is a whole number from 0 to 65535');
}

export function count(text: string): number {
  return parse(z.coerce.number().int().positive(), text, 'a count is a whole number above 0');
}

export function countOrNone(text: string): number {
  return parse(z.coerce.number().int().nonnegative(), text, 'it is a whole number');
}

export function date(text: string): string {
  return parse(z.iso.date(), text, 'a date is written 2026-10-31');
}

/** A time zone, by its IANA name. */
export function timeZone(text: string): string {
  const zone = z.string().refine(isTimeZone);
  return parse(zone, text, 'a time zone is an IANA name, such as America/Sao_Paulo or UTC');
}

function parse<T>(schema: z.ZodType<T>, text: string, rule: string): T {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`${rule}.`);
}

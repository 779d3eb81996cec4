import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Language, RuleMode } from '../vocabulary/policy.ts';
import {
  BYTES_EXPECTED,
  isCurrency,
  LIMIT_EXPECTED,
  parseBytes,
  parseLimit,
  parseMicros,
} from './amounts.ts';

/** Every scalar arrives as text. A schema's message is what was expected, in words that fit "expected …". */
const NAME = 'a name of lower-case letters, digits, - and _, at most 63';
const name = z.string(NAME).regex(/^[a-z0-9_-]{1,63}$/, NAME);

function parsed<T>(expected: string, parse: (text: string) => T | null) {
  return z.string(expected).transform((text, context): T => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
}

function text(expected: string) {
  return z.string(expected).trim().min(1, expected);
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `one of ${values.join(', ')}`);
}

const language = oneOf(['en', 'pt-BR'] satisfies Language[] as ['en', 'pt-BR']);
const mode = oneOf(['audit', 'warn', 'deny'] satisfies RuleMode[] as ['audit', 'warn', 'deny']);
export const timeZone = parsed('an IANA time zone such as America/Sao_Paulo or UTC', zoneOrNull);
export const bytes = parsed(BYTES_EXPECTED, parseBytes);
const price = parsed('a price or rate such as "6.25", with at most six decimals', parseMicros);
const CURRENCY = 'an ISO 4217 currency such as USD or BRL';
const currency = z.string(CURRENCY).refine(isCurrency, CURRENCY);

/** IANA names only: an offset such as +03:00 would not follow a country's clock. */
function zoneOrNull(zone: string): string | null {
  if (/^[+-]/.test(zone)) return null;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return zone;
  } catch {
    return null;
  }
}

function dateOrNull(date: string): string | null {
  try {
    return Temporal.PlainDate.from(date).toString() === date ? date : null;
  } catch {
    return null;
  }
}

const PRINCIPAL = 'a principal: an e-mail, or a pattern such as "*@example.com"';

export const teamSchema = z.strictObject({
  name,
  title: text('a title').optional(),
  language: language.optional(),
  principals: z.array(z.string(PRINCIPAL).regex(/^\S+$/, PRINCIPAL), 'a list of principals'),
});

export const budgetSchema = z.strictObject({
  name,
  team: name,
  window: oneOf(['day', 'month']),
  time_zone: timeZone.optional(),
  limit: parsed(LIMIT_EXPECTED, parseLimit),
  when_exceeded: oneOf(['deny', 'warn']).optional(),
});

const MESSAGE = 'a text, or a mapping of en and pt-BR to texts';

export const ruleSchema = z.strictObject({
  name,
  mode: mode.optional(),
  teams: z
    .array(name, 'a list of teams')
    .min(1, 'at least one team, or no "teams" for all of them')
    .optional(),
  when: text('a CEL condition').optional(),
  maximum_bytes_billed: bytes.optional(),
  message: z
    .union(
      [
        text(MESSAGE),
        z
          .strictObject({ en: text(MESSAGE).optional(), 'pt-BR': text(MESSAGE).optional() })
          .refine((texts) => Object.keys(texts).length > 0),
      ],
      MESSAGE,
    )
    .optional(),
  on_error: oneOf(['deny', 'allow', 'audit']).optional(),
});

const TABLE = 'a table such as project.dataset.table';
const PARTITION = 'the name of the column by which the table is partitioned';
const tablePattern = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.(?:[^.\s*`]+\*?|\*)$/;
const onePlainTable = /^[a-z][a-z0-9.:-]*\.[A-Za-z0-9_-]+\.[^.\s*`]+$/;

export const tableSchema = z.strictObject({
  table: z.string(TABLE).regex(tablePattern, `${TABLE}, or project.dataset.prefix* with the star at its end`),
  status: oneOf(['governed', 'legacy']).optional(),
  owner: text('who looks after the table').optional(),
  replacement: z.string(TABLE).regex(onePlainTable, TABLE).optional(),
  partition_column: z.string(PARTITION).regex(/^\w+$/, PARTITION).optional(),
  note: text('a note').optional(),
});

const PRICES = 'a mapping of "default" and BigQuery locations to prices per TiB';

export const pricingSchema = z.strictObject({
  currency,
  on_demand_per_tib: z
    .record(z.string(), price, PRICES)
    .refine((prices) => 'default' in prices, `${PRICES}, "default" among them`),
  exchange_rates: z
    .array(
      z.strictObject({ to: currency, rate: price, as_of: parsed('a date such as 2026-11-01', dateOrNull) }),
      'a list of exchange rates',
    )
    .optional(),
});

/** A file's frame. Its entries are checked one by one, so that one bad entry does not hide the others' errors. */
export const fileSchema = z.strictObject({
  version: z.literal('1', '"version: 1"'),
  time_zone: z.unknown().optional(),
  inexact_reserve: z.unknown().optional(),
  teams: z.array(z.unknown(), 'a list of teams').optional(),
  budgets: z.array(z.unknown(), 'a list of budgets').optional(),
  rules: z.array(z.unknown(), 'a list of rules').optional(),
  catalog: z
    .strictObject({ tables: z.array(z.unknown(), 'a list of tables').optional() }, 'a mapping with "tables"')
    .optional(),
  pricing: z.unknown().optional(),
});

export type TeamEntry = z.infer<typeof teamSchema>;
export type BudgetEntry = z.infer<typeof budgetSchema>;
export type RuleEntry = z.infer<typeof ruleSchema>;
export type TableEntry = z.infer<typeof tableSchema>;
export type PricingEntry = z.infer<typeof pricingSchema>;

import { type Bytes, formatBytes } from './bytes.ts';
import { formatMoney, MICROS_PER_UNIT, type Money } from './money.ts';
import type { SourcePosition } from './policy.ts';

/** What a budget can be for, and what it can be kept apart by. Only `team`, `principal` and `project` are proven. */
export const subjectKinds = ['team', 'principal', 'person', 'dashboard', 'card', 'project'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/**
 * Which queries a budget covers: those that fit every part that is named. Without any, the whole organisation's.
 * Persons, dashboards and cards are named as their tool names them; `tool` says which, where two tools use one name.
 */
export type BudgetSubject = Readonly<Partial<Record<SubjectKind | 'tool', string>>>;

/** A calendar window in the budget's zone; the last N hours at any moment; or this moment, for queries at once. */
export type BudgetWindow = 'hour' | 'day' | 'week' | 'month' | `rolling-${number}h` | 'now';

/** What a budget counts, and how much of it there is. */
export type BudgetLimit =
  | { readonly measure: 'bytes'; readonly bytes: Bytes }
  | { readonly measure: 'money'; readonly money: Money }
  | { readonly measure: 'slot time'; readonly slotMs: bigint }
  | { readonly measure: 'queries'; readonly queries: bigint }
  /** Queries that run at the same time. */
  | { readonly measure: 'at once'; readonly queries: bigint };

/**
 * What happens to a query that does not fit: it is refused; it passes and is counted; or it is refused only where one
 * of these rules holds for it.
 */
export type WhenExceeded = 'deny' | 'warn' | { readonly only: readonly string[] };

/** How queries wait for a place in a budget of queries at once. */
export interface BudgetQueue {
  /** So many wait at most, in one process and account; 0: nobody waits. */
  readonly length: number;
  readonly waitMs: number;
}

/** What may be spent in a window, by whom, and what happens when it is spent. */
export interface Budget {
  readonly name: string;
  readonly subject: BudgetSubject;
  /** Null: one account for all that it covers. Else each team, person, … has an account and the limit of its own. */
  readonly per: SubjectKind | null;
  readonly window: BudgetWindow;
  /** IANA name, such as `America/Sao_Paulo`: where hours, days, weeks and months begin. */
  readonly timeZone: string;
  readonly limit: BudgetLimit;
  readonly whenExceeded: WhenExceeded;
  /** Percentages of the limit, each told once in a window when what is used reaches it. */
  readonly warnAt: readonly number[];
  readonly queue: BudgetQueue;
  readonly source: SourcePosition;
}

/** A budget that covers a query, and which of its accounts pays; `''` where it has but one. */
export interface Coverage {
  readonly budget: Budget;
  readonly account: string;
}

/** The unit in which the ledger counts a limit: `bytes`, `slot-ms`, `queries`, `at once`, or a currency (in micros). */
export function unitOf(limit: BudgetLimit): string {
  switch (limit.measure) {
    case 'money':
      return limit.money.currency;
    case 'slot time':
      return 'slot-ms';
    default:
      return limit.measure;
  }
}

/** A limit as a count of its unit. */
export function amountOfLimit(limit: BudgetLimit): bigint {
  switch (limit.measure) {
    case 'bytes':
      return limit.bytes;
    case 'money':
      return limit.money.micros;
    case 'slot time':
      return limit.slotMs;
    default:
      return limit.queries;
  }
}

const MS_PER_HOUR = 3_600_000;

/** An amount of a unit as people read it: `1.5 GiB`, `R$ 12,00`, `3.25 slot-hours`, `500`. */
export function formatAmount(unit: string, amount: bigint, locale = 'en'): string {
  const number = (value: number | bigint) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  switch (unit) {
    case 'bytes':
      return formatBytes(amount, locale);
    case 'slot-ms':
      return `${number(Number(amount) / MS_PER_HOUR)} slot-h`;
    case 'queries':
    case 'at once':
      return number(amount);
    default:
      return formatMoney({ currency: unit, micros: amount }, locale);
  }
}

/** An amount in the base unit that metrics use: bytes, units of the currency, slot-seconds, queries. */
export function inBaseUnits(unit: string, amount: bigint): number {
  if (unit === 'slot-ms') return Number(amount) / 1000;
  if (unit === 'bytes' || unit === 'queries' || unit === 'at once') return Number(amount);
  return Number(amount) / Number(MICROS_PER_UNIT);
}

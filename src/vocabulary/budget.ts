import { type Bytes, formatBytes } from './bytes.ts';
import { formatMoney, MICROS_PER_UNIT, type Money } from './money.ts';
import type { SourcePosition } from './policy.ts';

/** What a budget can be for, and what it can be split by. Only `team`, `principal` and `project` are verified. */
export const subjectKinds = ['team', 'principal', 'person', 'dashboard', 'card', 'project'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/**
 * Which queries a budget covers: those that match every part that is named. Without any, it is the whole
 * organisation's. Persons, dashboards and cards are named as in their tool; `tool` says which, if two tools use the
 * same name.
 */
export type BudgetSubject = Readonly<Partial<Record<SubjectKind | 'tool', string>>>;

/** A calendar window in the budget's time zone; the last N hours at any moment; or this moment, for queries at once. */
export type BudgetWindow = 'hour' | 'day' | 'week' | 'month' | `rolling-${number}h` | 'now';

/** The last N hours at any moment. */
export type RollingWindow = Extract<BudgetWindow, `rolling-${string}`>;

/** Whether a window covers the last hours at any moment. */
export function isRolling(window: BudgetWindow): window is RollingWindow {
  return window.startsWith('rolling-');
}

/** How many hours a rolling window looks back; null for any other window. */
export function rollingHours(window: RollingWindow): number;
export function rollingHours(window: BudgetWindow): number | null;
export function rollingHours(window: BudgetWindow): number | null {
  const hours = /^rolling-(\d+)h$/.exec(window)?.[1];
  return hours === undefined ? null : Number(hours);
}

/** What a budget counts, and its limit. */
export type BudgetLimit =
  | { readonly measure: 'bytes'; readonly bytes: Bytes }
  | { readonly measure: 'money'; readonly money: Money }
  | { readonly measure: 'slot time'; readonly slotMs: bigint }
  | { readonly measure: 'queries'; readonly queries: bigint }
  /** Queries that run at the same time. */
  | { readonly measure: 'at once'; readonly queries: bigint };

/**
 * What happens to a query that does not fit: it is refused; it passes and is counted; or it is refused only if one of
 * these rules holds for it.
 */
export type WhenExceeded = 'deny' | 'warn' | { readonly only: readonly string[] };

/** The same without the rules. */
export const exceededModes = ['deny', 'warn', 'only'] as const;
export type ExceededMode = (typeof exceededModes)[number];

/** How queries wait for a place in a budget of queries at once. */
interface BudgetQueue {
  /** At most this many wait, in one process and account; 0: nobody waits. */
  readonly length: number;
  readonly waitMs: number;
}

/** What may be spent in a window, by whom, and what happens beyond that. */
export interface Budget {
  readonly name: string;
  readonly subject: BudgetSubject;
  /**
   * Null: one account for everything that it covers. Otherwise each team, person and so on has an account and a limit
   * of its own.
   */
  readonly per: SubjectKind | null;
  readonly window: BudgetWindow;
  /** IANA name, such as `America/Sao_Paulo`: where hours, days, weeks and months begin. */
  readonly timeZone: string;
  readonly limit: BudgetLimit;
  readonly whenExceeded: WhenExceeded;
  /** Percentages of the limit; each is reported once per window, when the use reaches it. */
  readonly warnAt: readonly number[];
  readonly queue: BudgetQueue;
  /** Whom to ask for more; null if neither the budget nor its team says. */
  readonly contact: string | null;
  /** The same for a team's account, as the team says; empty if the budget says, or has no accounts of teams. */
  readonly teamContacts: readonly { readonly team: string; readonly contact: string }[];
  readonly source: SourcePosition;
}

/** The account of all queries that do not say whom else they belong to: leaving it out is no way around a budget. */
export const UNNAMED_ACCOUNT = '(none)';

/** A budget that covers a query, and which of its accounts pays; `''` if it has only one. */
export interface Coverage {
  readonly budget: Budget;
  readonly account: string;
}

/** A budget as it is for one of its accounts: a team's account has the contact of that team, and of no other. */
export function budgetOfAccount(budget: Budget, account: string): Budget {
  if (budget.teamContacts.length === 0) return budget;
  const own = budget.teamContacts.find(({ team }) => team === account);
  return { ...budget, contact: own?.contact ?? null, teamContacts: [] };
}

/** What happens to a query that does not fit, without naming rules. */
export function exceededModeOf({ whenExceeded }: Pick<Budget, 'whenExceeded'>): ExceededMode {
  return typeof whenExceeded === 'string' ? whenExceeded : 'only';
}

/** What the accounts of the budget with this name are; undefined if there is no such budget, or not any more. */
export function perOf(name: string, budgets: readonly Budget[]): SubjectKind | null | undefined {
  return budgets.find((budget) => budget.name === name)?.per;
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

const MS_PER_SECOND = 1000;
const MS_PER_HOUR = 3_600_000;

/**
 * An amount of a unit as people read it: `1.5 GiB`, `R$ 12,00`, `3.25 slot-hours`, `500 queries`, `4 at once`. Slot
 * time under a tenth of an hour is in slot-seconds, so that a small query does not look free.
 */
export function formatAmount(unit: string, amount: bigint, locale = 'en'): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(amount, locale);
    case 'slot-ms': {
      const small = amount !== 0n && amount * 10n < MS_PER_HOUR;
      const scaled = Number(amount) / (small ? MS_PER_SECOND : MS_PER_HOUR);
      return formatCount(scaled, small ? 'slot-second' : 'slot-hour', locale);
    }
    case 'queries':
    case 'at once':
      return formatCount(amount, unit, locale);
    default:
      return formatMoney({ currency: unit, micros: amount }, locale);
  }
}

/** An amount in the unit of a limit. Queries at once are written as queries: the sentence around them says the rest. */
export function formatAmountOf(limit: BudgetLimit, amount: bigint, locale: string): string {
  const unit = unitOf(limit);
  return formatAmount(unit === 'at once' ? 'queries' : unit, amount, locale);
}

/** The singular and plural of a unit, in English and in Portuguese. */
const UNIT_WORDS = {
  queries: { en: ['query', 'queries'], pt: ['consulta', 'consultas'] },
  'at once': { en: ['at once', 'at once'], pt: ['ao mesmo tempo', 'ao mesmo tempo'] },
  'slot-hour': { en: ['slot-hour', 'slot-hours'], pt: ['hora de slot', 'horas de slot'] },
  'slot-second': { en: ['slot-second', 'slot-seconds'], pt: ['segundo de slot', 'segundos de slot'] },
} as const;

function formatCount(amount: number | bigint, unit: keyof typeof UNIT_WORDS, locale: string): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(amount);
  const language = locale.startsWith('pt') ? 'pt' : 'en';
  // In Portuguese anything less than two is singular: 1,5 hora. Zero is plural all the same: 0 consultas.
  const isOne = language === 'pt' ? amount > 0 && amount < 2 : amount === 1 || amount === 1n;
  return `${number} ${UNIT_WORDS[unit][language][isOne ? 0 : 1]}`;
}

/** The unit that `inBaseUnits` counts in, as metrics name it. */
export function baseUnitOf(unit: string): string {
  return unit === 'slot-ms' ? 'slot-seconds' : unit;
}

/** An amount in the base unit that metrics use: bytes, units of the currency, slot-seconds, queries. */
export function inBaseUnits(unit: string, amount: bigint): number {
  if (unit === 'slot-ms') return Number(amount) / 1000;
  if (unit === 'bytes' || unit === 'queries' || unit === 'at once') return Number(amount);
  return Number(amount) / Number(MICROS_PER_UNIT);
}

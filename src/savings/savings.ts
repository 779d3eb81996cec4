import { Temporal } from 'temporal-polyfill';
import { dayAt, startOfDay } from '../calendar/days.ts';
import type { Ledger, LedgerReader } from '../ledger/ledger.ts';
import { refusedNeeds } from '../records/refused-needs.ts';
import { savingsOfDay } from './read-day.ts';
import { type Saving, type SavingKey, type SavingRow, sumSavings, TAKEN_WITHIN_DAYS } from './saving.ts';

/** Whole days of a calendar. */
export interface SavingsQuery {
  /** One or both. */
  readonly by: readonly SavingKey[];
  /** The first day, `2026-11-01`. */
  readonly from: string;
  /** The first day after the span. */
  readonly to: string;
  /** IANA name: where days begin. */
  readonly timeZone: string;
}

export interface SavingsReport extends SavingsQuery {
  readonly rows: readonly SavingRow[];
  /** Some of these days are before it: their records were deleted, so what they saved is no longer known. */
  readonly recordsFrom: string | null;
}

/** What was not spent because guardrail refused. */
export interface Savings {
  /** @throws RangeError for an unknown zone or day; LedgerError */
  report(query: SavingsQuery): Promise<SavingsReport>;
  /**
   * By team, from the start of the month that contains an instant up to that instant. Days long past are read only
   * once.
   * @throws LedgerError, or the signal's reason once it is aborted
   */
  monthSoFar(query: MonthQuery): Promise<readonly SavingRow[]>;
}

interface MonthQuery {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly signal?: AbortSignal;
}

/** Savings according to the ledger's records. */
export function createSavings({ ledger }: { readonly ledger: Pick<Ledger, 'read'> }): Savings {
  const remembered = new Map<string, RememberedDay>();
  return {
    report: (query) => report(ledger.read, query),
    async monthSoFar({ nowMs, timeZone, signal }) {
      const days = daysOfMonthSoFar(nowMs, timeZone);
      const keys = new Set(days.map((day) => `${timeZone} ${day}`));
      for (const key of remembered.keys()) if (!keys.has(key)) remembered.delete(key);
      for (const day of days) {
        signal?.throwIfAborted();
        const key = `${timeZone} ${day}`;
        if (isFresh(remembered.get(key), { day, nowMs, timeZone })) continue;
        remembered.set(key, { readAtMs: nowMs, savings: await savingsOn(ledger.read, day, timeZone) });
      }
      return sumSavings(
        [...remembered.values()].flatMap(({ savings }) => savings),
        ['team'],
      );
    },
  };
}

async function report(db: LedgerReader, query: SavingsQuery): Promise<SavingsReport> {
  const { from, to, timeZone, by } = query;
  const fromMs = startOfDay(from, timeZone);
  const span = { fromMs, toMs: startOfDay(to, timeZone), timeZone };
  return {
    ...query,
    rows: sumSavings(await savingsIn(db, span), by),
    recordsFrom: await recordsKeptFrom(db, span),
  };
}

async function savingsIn(
  db: LedgerReader,
  span: { readonly fromMs: number; readonly toMs: number; readonly timeZone: string },
): Promise<readonly Saving[]> {
  const savings: Saving[] = [];
  for await (const needs of refusedNeeds(db, span)) {
    savings.push(...(await savingsOfDay(db, needs, span.timeZone)));
  }
  return savings;
}

/** The first day with all its records, if that is after the start of a span. */
async function recordsKeptFrom(
  db: LedgerReader,
  { fromMs, timeZone }: { readonly fromMs: number; readonly timeZone: string },
): Promise<string | null> {
  const { before_ms } = await db
    .selectFrom('prunings')
    .select((eb) => eb.fn.max('before_ms').as('before_ms'))
    .executeTakeFirstOrThrow();
  // Without rows there is no maximum.
  const beforeMs = before_ms as bigint | null;
  if (beforeMs === null || Number(beforeMs) <= fromMs) return null;
  return dayAt(Number(beforeMs), timeZone).day;
}

interface RememberedDay {
  readonly readAtMs: number;
  /** By team. */
  readonly savings: readonly Saving[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Today and yesterday are read again each time; days whose offers may still be taken, once an hour; and those before,
 * never again.
 */
function isFresh(
  remembered: RememberedDay | undefined,
  { day, nowMs, timeZone }: { readonly day: string; readonly nowMs: number; readonly timeZone: string },
): boolean {
  if (remembered === undefined) return false;
  const { readAtMs } = remembered;
  const { endMs } = dayAt(startOfDay(day, timeZone), timeZone);
  if (nowMs < endMs + DAY_MS) return false;
  return readAtMs > endMs + (TAKEN_WITHIN_DAYS + 1) * DAY_MS || nowMs < readAtMs + HOUR_MS;
}

function savingsOn(db: LedgerReader, day: string, timeZone: string): Promise<readonly Saving[]> {
  const { startMs, endMs } = dayAt(startOfDay(day, timeZone), timeZone);
  return savingsIn(db, { fromMs: startMs, toMs: endMs, timeZone });
}

function daysOfMonthSoFar(nowMs: number, timeZone: string): readonly string[] {
  const today = Temporal.PlainDate.from(dayAt(nowMs, timeZone).day);
  return Array.from({ length: today.day }, (_none, i) => today.with({ day: i + 1 }).toString());
}

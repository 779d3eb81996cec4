import { dayAt, startOfDay } from '../../foundation/calendar/days.ts';
import type { Ledger, LedgerReader } from '../../ledger/ledger.ts';
import { type NeedsSpan, refusedNeeds } from '../../records/refusals/refused-needs.ts';
import type { Conversion } from '../../vocabulary/exchange.ts';
import { type Candidate, candidatesOfDay, savingsOf } from './candidates.ts';
import { convertSavings } from './convert.ts';
import { type Saving, type SavingKey, type SavingRow, sumSavings } from './saving.ts';

/** What ran in the days of so many needs, and in the week after, is gone through together. */
const NEEDS_AT_ONCE = 10_000;

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

/** The same in another currency, each day at its own rate, as far as there is one; without, in that of the prices. */
export interface ConvertedSavingsQuery extends SavingsQuery {
  readonly conversion?: Conversion;
}

export interface SavingsReport extends SavingsQuery {
  readonly rows: readonly SavingRow[];
  /** Some of these days are before it: their records were deleted, so what they saved is no longer known. */
  readonly recordsFrom: string | null;
}

/** What was not spent because guardrail refused. */
export interface Savings {
  /** @throws RangeError for an unknown zone or day; LedgerError */
  report(query: ConvertedSavingsQuery): Promise<SavingsReport>;
}

/** Savings according to the ledger's records. */
export function createSavings({ ledger }: { readonly ledger: Pick<Ledger, 'read'> }): Savings {
  return { report: (query) => report(ledger.read, query) };
}

async function report(
  db: LedgerReader,
  { conversion, ...query }: ConvertedSavingsQuery,
): Promise<SavingsReport> {
  const { from, to, timeZone, by } = query;
  const fromMs = startOfDay(from, timeZone);
  const span = { fromMs, toMs: startOfDay(to, timeZone), timeZone };
  const savings = await savingsIn(db, span);
  return {
    ...query,
    rows: sumSavings(conversion === undefined ? savings : convertSavings(savings, conversion), by),
    recordsFrom: await recordsKeptFrom(db, span),
  };
}

async function savingsIn(db: LedgerReader, span: NeedsSpan): Promise<readonly Saving[]> {
  const savings: Saving[] = [];
  let candidates: Candidate[] = [];
  for await (const needs of refusedNeeds(db, span)) {
    candidates.push(...(await candidatesOfDay(db, needs, span.timeZone)));
    if (candidates.length < NEEDS_AT_ONCE) continue;
    savings.push(...(await savingsOf(db, candidates)));
    candidates = [];
  }
  return [...savings, ...(await savingsOf(db, candidates))];
}

/** The first day with all its records, if that is after the start of a span. */
async function recordsKeptFrom(db: LedgerReader, { fromMs, timeZone }: NeedsSpan): Promise<string | null> {
  const { before_ms } = await db
    .selectFrom('prunings')
    .select((eb) => eb.fn.max('before_ms').as('before_ms'))
    .executeTakeFirstOrThrow();
  // Without rows there is no maximum.
  const beforeMs = before_ms as bigint | null;
  if (beforeMs === null || Number(beforeMs) <= fromMs) return null;
  return dayAt(Number(beforeMs), timeZone).day;
}

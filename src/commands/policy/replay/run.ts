import { grantFrom, selectGrants } from '../../../budget/grants.ts';
import { createDateOf } from '../../../foundation/calendar/days.ts';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { Policy } from '../../../policy/policy.ts';
import { timeZoneOf } from '../../../policy/time-zone.ts';
import { readRecords } from '../../../records/export/read.ts';
import { type PastQuery, pastOutcome, type ReplayVerdict } from '../../../reports/replay/outcomes.ts';
import { createReplay } from '../../../reports/replay/replay.ts';
import type { ReplayReport } from '../../../reports/replay/report.ts';
import { applyRetention } from '../../../sql/tokens/sql-retention.ts';
import { holdsSql } from '../../../vocabulary/reading.ts';
import { budgetsLookBackTo, createBudgetReplay, WITHOUT_BUDGETS } from './budgets.ts';
import { createRejudge } from './judge.ts';
import { createSlotTimes } from './slot-times.ts';

/** What to replay, and how. */
export interface ReplayRun {
  readonly candidate: Policy;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** The instant used for the dates of the candidate's rules and exchange rates. */
  readonly asOfMs: number;
  readonly withBudgets: boolean;
  /** Called with the number of records replayed, and the instant of the last one. */
  readonly onProgress: (records: number, atMs: number) => void;
}

/** Replays the records of a time span under other policies. @throws LedgerError */
export async function replayRecords(db: LedgerReader, run: ReplayRun): Promise<ReplayReport> {
  const { candidate, fromMs, toMs, asOfMs, withBudgets } = run;
  const timeZone = timeZoneOf(candidate);
  const replay = createReplay({
    dayOf: createDateOf(timeZone),
    maskedSql: ({ sql, sqlRetention }) =>
      sqlRetention === 'stored' || sqlRetention === 'masked' ? applyRetention(sql, 'masked') : '',
  });
  for await (const { past, now } of rejudgedQueries(db, run)) replay.add(past, now);
  return {
    fromMs,
    toMs,
    asOfMs,
    timeZone,
    candidate: candidate.version,
    budgets: withBudgets ? 'replayed' : 'left out',
    ...replay.result(),
  };
}

/** A past query, and the other policies' verdict on it; null for one that was not judged at the time. */
interface RejudgedQuery {
  readonly past: PastQuery;
  readonly now: ReplayVerdict | null;
}

/** The recorded queries of a time span, in order, each judged by other policies. @throws LedgerError */
export async function* rejudgedQueries(db: LedgerReader, run: ReplayRun): AsyncGenerator<RejudgedQuery> {
  const { candidate, fromMs, toMs, asOfMs, withBudgets } = run;
  const pricing = candidate.pricingAt(asOfMs);
  const budgets = withBudgets
    ? createBudgetReplay(candidate, { grants: await grantsIn(db), pricing })
    : WITHOUT_BUDGETS;
  const slotTimes = createSlotTimes(db, candidate);
  const rejudge = createRejudge(candidate, { asOfMs, budgets, slotTimes });
  let records = 0;
  const lookBackMs = withBudgets ? budgetsLookBackTo(candidate, fromMs) : fromMs;
  for await (const page of readRecords(db, { fromMs: lookBackMs, toMs })) {
    // Jobs that move data are not judged.
    const queries = page.filter(({ reading }) => holdsSql(reading));
    await slotTimes.readAhead(queries);
    for (const past of queries) {
      if (past.atMs < fromMs) budgets.charge(past);
      else yield { past, now: pastOutcome(past) === null ? null : rejudge(past) };
      slotTimes.addRun(past);
    }
    records += page.length;
    run.onProgress(records, page.at(-1)?.atMs ?? toMs);
  }
}

async function grantsIn(db: LedgerReader) {
  return (await selectGrants(db).execute()).map(grantFrom);
}

import { grantFrom, selectGrants } from '../../budget/grants.ts';
import { dayAt } from '../../calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Policy } from '../../policy/policy.ts';
import { timeZoneOf } from '../../policy/time-zone.ts';
import { readRecords } from '../../records/export/read.ts';
import { fateOf } from '../../replay/fates.ts';
import { createReplay } from '../../replay/replay.ts';
import type { ReplayReport } from '../../replay/report.ts';
import { retained } from '../../sql/retention.ts';
import { budgetsLookBackTo, createBudgetReplay, noBudgets } from './replay-budgets.ts';
import { rejudgeBy } from './replay-judge.ts';

/** What is replayed, and how. */
export interface ReplayRun {
  readonly candidate: Policy;
  readonly fromMs: number;
  /** Left out. */
  readonly toMs: number;
  /** When the dates of the candidate's rules and exchange rates are looked at. */
  readonly asOfMs: number;
  readonly withBudgets: boolean;
  /** Told how many records were replayed, and of which instant the last was. */
  readonly onProgress: (records: number, atMs: number) => void;
}

/** Replays the records of a time over other policies. @throws LedgerError */
export async function replayRecords(db: LedgerReader, run: ReplayRun): Promise<ReplayReport> {
  const { candidate, fromMs, toMs, asOfMs, withBudgets } = run;
  const timeZone = timeZoneOf(candidate);
  const pricing = candidate.pricingAt(asOfMs);
  const budgets = withBudgets
    ? createBudgetReplay(candidate, { grants: await grantsIn(db), pricing })
    : noBudgets;
  const replay = createReplay({
    rejudge: rejudgeBy(candidate, { asOfMs, budgets }),
    dayOf: (atMs) => dayAt(atMs, timeZone).day,
    maskedSql: ({ sql, sqlRetention }) =>
      sqlRetention === 'stored' || sqlRetention === 'masked' ? retained(sql, 'masked') : '',
  });
  let records = 0;
  const lookBackMs = withBudgets ? budgetsLookBackTo(candidate, fromMs) : fromMs;
  for await (const page of readRecords(db, { fromMs: lookBackMs, toMs })) {
    for (const past of page) {
      const isReplayed = past.atMs >= fromMs;
      if (isReplayed) replay.take(past);
      if (!isReplayed || fateOf(past) === null) budgets.charge(past);
    }
    records += page.length;
    run.onProgress(records, page.at(-1)?.atMs ?? toMs);
  }
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

async function grantsIn(db: LedgerReader) {
  return (await selectGrants(db).execute()).map(grantFrom);
}

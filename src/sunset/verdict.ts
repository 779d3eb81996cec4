import { DAY_MS } from '../calendar/durations.ts';
import type { Evidence, SunsetReport } from './report.ts';

interface VerdictFacts {
  readonly days: number;
  readonly nowMs: number;
  /** The start of the days. */
  readonly fromMs: number;
  readonly recentUses: number;
  readonly evidence: Evidence;
}

/** Reconciliation leaves out jobs younger than its lag, and runs once a day. */
const RECONCILED_BEHIND_MS = 2 * DAY_MS;

/** One use is enough to say no. To say yes, everything that could have seen one must have looked. */
export function judge(facts: VerdictFacts): Pick<SunsetReport, 'verdict' | 'reasons'> {
  const { days, recentUses } = facts;
  if (recentUses > 0) {
    return {
      verdict: 'cannot retire',
      reasons: [`It was used ${recentUses === 1 ? 'once' : `${recentUses} times`} in the last ${days} days.`],
    };
  }
  const missing = [...missingRecords(facts), ...missingReconciliation(facts)];
  if (missing.length > 0) return { verdict: 'not proven', reasons: missing };
  return {
    verdict: 'can retire',
    reasons: [`Nobody used it in the last ${days} days, through the guardrail or past it.`],
  };
}

function missingRecords({ days, fromMs, nowMs, evidence }: VerdictFacts): readonly string[] {
  const { recordsSinceMs, lastRecordMs } = evidence;
  if (recordsSinceMs === null || lastRecordMs === null) return ['There are no records.'];
  if (recordsSinceMs > fromMs) {
    return [`Records exist since ${date(recordsSinceMs)} only, which is less than ${days} days.`];
  }
  if (lastRecordMs < fromMs) {
    return [`The last record is of ${date(lastRecordMs)}: since then no query came to the guardrail.`];
  }
  return nowMs < lastRecordMs ? [`There are records of after ${date(nowMs)}.`] : [];
}

function missingReconciliation({ nowMs, evidence }: VerdictFacts): readonly string[] {
  const { reconciledUntilMs, notEntered, unreadable } = evidence;
  const reasons: string[] = [];
  if (reconciledUntilMs === null || reconciledUntilMs < nowMs - RECONCILED_BEHIND_MS) {
    const until =
      reconciledUntilMs === null ? 'not looked for' : `looked for up to ${date(reconciledUntilMs)} only`;
    reasons.push(`Reads that bypassed the guardrail were ${until}: see \`guardrail reconcile\`.`);
  }
  if (notEntered > 0) {
    const how = '`guardrail reconcile --write-corrections` enters them';
    reasons.push(
      `${notEntered} jobs that bypassed the guardrail were found and are not in the books: ${how}.`,
    );
  }
  if (unreadable > 0) {
    reasons.push(
      `${unreadable} jobs that bypassed the guardrail do not say what they read: only the beginning of their SQL is kept.`,
    );
  }
  return reasons;
}

/** The UTC date of an instant. */
export function date(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

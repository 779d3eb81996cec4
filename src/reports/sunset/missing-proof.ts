import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { Evidence } from './report.ts';

/** Why the absence of uses proves nothing. */
export type MissingProof =
  | { readonly what: 'no records' }
  /** The first record that is kept is younger than the days that decide. */
  | { readonly what: 'records since'; readonly atMs: number }
  /** The last query came to guardrail before the days that decide. */
  | { readonly what: 'last record'; readonly atMs: number }
  /** The clock was ahead, or is behind. */
  | { readonly what: 'records of later'; readonly atMs: number }
  /** Up to when reconciliation looked for jobs that bypassed guardrail; null: it never did. */
  | { readonly what: 'reconciled until'; readonly atMs: number | null }
  /** Jobs that bypassed guardrail and are not in the books. */
  | { readonly what: 'not entered'; readonly jobs: number }
  /** Jobs that bypassed guardrail and do not say what they read. */
  | { readonly what: 'unreadable'; readonly jobs: number };

/** Reconciliation leaves out jobs younger than its lag, and runs once a day. */
const RECONCILED_BEHIND_MS = 2 * DAY_MS;

/** What is missing as proof that nobody used a table in these days; empty if any use would have been seen. */
export function missingProofs(
  evidence: Evidence,
  { days, nowMs }: { readonly days: number; readonly nowMs: number },
): readonly MissingProof[] {
  const { reconciledUntilMs, notEntered, unreadable } = evidence;
  const isReconciled = reconciledUntilMs !== null && reconciledUntilMs >= nowMs - RECONCILED_BEHIND_MS;
  const records = missingRecords(evidence, nowMs - days * DAY_MS, nowMs);
  return [
    ...(records === null ? [] : [records]),
    ...(isReconciled ? [] : [{ what: 'reconciled until', atMs: reconciledUntilMs } as const]),
    ...(notEntered > 0 ? [{ what: 'not entered', jobs: notEntered } as const] : []),
    ...(unreadable > 0 ? [{ what: 'unreadable', jobs: unreadable } as const] : []),
  ];
}

function missingRecords(
  { recordsSinceMs, lastRecordMs }: Evidence,
  fromMs: number,
  nowMs: number,
): MissingProof | null {
  if (recordsSinceMs === null || lastRecordMs === null) return { what: 'no records' };
  if (recordsSinceMs > fromMs) return { what: 'records since', atMs: recordsSinceMs };
  if (lastRecordMs < fromMs) return { what: 'last record', atMs: lastRecordMs };
  return nowMs < lastRecordMs ? { what: 'records of later', atMs: nowMs } : null;
}

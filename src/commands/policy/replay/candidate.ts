import type { LoadOptions } from '../../../policy/load.ts';
import type { Policy } from '../../../policy/policy.ts';
import type { ReplayReport } from '../../../reports/replay/report.ts';
import { type LedgerFlags, withLedger } from '../../shared/ledger-option.ts';
import { inOrder } from '../../shared/option-values.ts';
import { endLine, showLine } from '../../shared/progress.ts';
import { type ReplayRun, replayRecords } from './run.ts';

/**
 * Replays what is on record under a candidate: shows how far it is, and warns of rules that failed.
 * @param load makes the candidate
 * @param runOf what to replay under it
 * @throws PolicyRejected; LedgerError; BudgetError; Error if there is no ledger, or the span ends before it begins
 */
export async function replayCandidate(
  flags: LedgerFlags,
  load: (options: LoadOptions) => Policy | Promise<Policy>,
  runOf: (candidate: Policy) => Omit<ReplayRun, 'candidate' | 'onProgress'>,
): Promise<ReplayReport> {
  const failures = new Map<string, number>();
  const candidate = await load({
    onRuleError: ({ rule }) => failures.set(rule, (failures.get(rule) ?? 0) + 1),
  });
  const run = inOrder(runOf(candidate));
  const report = await withLedger(flags, ({ read }) =>
    replayRecords(read, {
      ...run,
      candidate,
      onProgress: (records, atMs) => showLine(`${records} records, up to ${new Date(atMs).toISOString()}`),
    }),
  );
  endLine();
  for (const [rule, count] of failures)
    process.stderr.write(`warning: rule ${rule} failed on ${count} queries\n`);
  return report;
}

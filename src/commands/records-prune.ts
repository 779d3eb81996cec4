import { Command, InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { pruneRecords } from '../records/prune.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from './ledger-option.ts';
import { endLine, showLine } from './progress.ts';

interface PruneFlags extends LedgerFlags {
  readonly keep: Temporal.Duration;
  readonly dryRun?: boolean;
}

/** `guardrail records prune`: gives old records up, and keeps what they came to. */
export function recordsPruneCommand(): Command {
  return addLedgerOptions(new Command('prune'))
    .description('Give up decision records of old; what they came to is kept as sums by day.')
    .requiredOption('--keep <time>', 'how long records are kept, such as "13 months" or "400 days"', duration)
    .option('--dry-run', 'only say what would be given up')
    .action(async (flags: PruneFlags) => {
      const nowMs = Date.now();
      const beforeMs = before(flags.keep, nowMs);
      const done = await withLedger(flags, (ledger) =>
        pruneRecords(ledger, {
          beforeMs,
          nowMs,
          dryRun: flags.dryRun === true,
          onStep: (day) => showLine(`Pruning ${day}`),
        }),
      );
      endLine();
      const what = `${done.decisions} decisions and ${done.settlements} settlements of ${done.days} days`;
      process.stdout.write(
        flags.dryRun === true
          ? `${what} before ${new Date(beforeMs).toISOString()} would be given up.\n`
          : `${what} were given up; what they came to is kept by day.\n`,
      );
      if (done.waitsFor !== null) {
        process.stdout.write(
          `${done.waitsFor} and later wait: a query of that day or before is not settled yet. guardrail reconcile --write-corrections settles it.\n`,
        );
      }
    });
}

function duration(text: string): Temporal.Duration {
  const [, count = '', unit = ''] = /^(\d{1,4}) ?(day|week|month|year)s?$/.exec(text.trim()) ?? [];
  if (count === '') throw new InvalidArgumentError('it is written "13 months", "400 days".');
  return Temporal.Duration.from({ [`${unit}s`]: Number(count) });
}

function before(keep: Temporal.Duration, nowMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('UTC').subtract(keep)
    .epochMilliseconds;
}

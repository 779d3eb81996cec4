import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import {
  parseRetentionPeriod,
  RETENTION_PERIOD_EXAMPLES,
  type RetentionPeriod,
  retentionCutoffMs,
} from '../../calendar/retention-period.ts';
import { pruneRecords } from '../../records/pruning/prune.ts';
import { examples } from '../shared/examples.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from '../shared/ledger-option.ts';
import { endLine, showLine } from '../shared/progress.ts';

/** A pause after each step: a running guardrail on the same SQLite file writes in between. */
const REST_MS = 50;

interface PruneFlags extends LedgerFlags {
  readonly keep: RetentionPeriod;
  readonly dryRun?: boolean;
}

/** `guardrail records prune`: deletes old records, and keeps their sums. */
export function recordsPruneCommand(): Command {
  return addLedgerOptions(new Command('prune'))
    .description('Delete old decision records; their cost is kept as daily sums.')
    .addHelpText('after', examples('records prune --keep "13 months" --dry-run'))
    .requiredOption(
      '--keep <time>',
      'how long records are kept, such as "13 months" or "400 days" (required)',
      retentionPeriod,
    )
    .option('--dry-run', 'only show what would be deleted')
    .action(async (flags: PruneFlags) => {
      const nowMs = Date.now();
      const beforeMs = retentionCutoffMs(flags.keep, nowMs);
      const done = await withLedger(flags, (ledger) =>
        pruneRecords(ledger, {
          beforeMs,
          nowMs,
          dryRun: flags.dryRun === true,
          async onStep(day) {
            showLine(`Pruning ${day}`);
            await sleep(REST_MS);
          },
        }),
      );
      endLine();
      const what = `${done.decisions} decisions and ${done.settlements} settlements of ${done.days} days`;
      process.stdout.write(
        flags.dryRun === true
          ? `${what} before ${new Date(beforeMs).toISOString()} would be given up.\n`
          : `${what} were pruned; what they came to is kept by day.\n`,
      );
      if (done.waitsFor !== null) {
        process.stdout.write(
          `${done.waitsFor} and later wait: a query of that day or before is not settled yet. guardrail reconcile --write-corrections settles it.\n`,
        );
      }
    });
}

function retentionPeriod(text: string): RetentionPeriod {
  const keep = parseRetentionPeriod(text);
  if (keep === null) throw new InvalidArgumentError(`it is written ${RETENTION_PERIOD_EXAMPLES}.`);
  return keep;
}

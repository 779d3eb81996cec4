import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import {
  parseRetentionPeriod,
  RETENTION_PERIOD_EXAMPLES,
  type RetentionPeriod,
  retentionCutoffMs,
} from '../../foundation/calendar/retention-period.ts';
import { errorMessage } from '../../foundation/text/error-message.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { pruneRecords } from '../../records/pruning/prune.ts';
import { recordsSpan } from '../../records/records-span.ts';
import { loadSettings } from '../../settings/load.ts';
import { examples } from '../shared/examples.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from '../shared/ledger-option.ts';
import { endLine, showLine } from '../shared/progress.ts';
import { timeZoneOption } from '../shared/shared-options.ts';

/** A ledger in use has a record of the last days, even after a holiday, unless the clock is ahead. */
const NEWEST_WITHIN_MS = 7 * DAY_MS;

/** A pause after each step: a running guardrail on the same SQLite file writes in between. */
const REST_MS = 50;

interface PruneFlags extends LedgerFlags {
  readonly keep: RetentionPeriod;
  readonly dryRun?: boolean;
  readonly idle?: boolean;
  readonly timeZone?: string;
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
    .option('--idle', 'prune even if the newest record is more than a week old')
    .addOption(timeZoneOption())
    .action(async (flags: PruneFlags) => {
      const nowMs = Date.now();
      const beforeMs = retentionCutoffMs(flags.keep, nowMs);
      const dryRun = flags.dryRun === true;
      // A dry run keeps no sums.
      const timeZone = flags.timeZone ?? (dryRun ? 'UTC' : await reportsTimeZone(flags));
      const done = await withLedger(flags, async (ledger) => {
        if (flags.idle !== true) await refuseClockAhead(ledger, nowMs);
        return pruneRecords(ledger, {
          beforeMs,
          nowMs,
          timeZone,
          dryRun,
          async onStep(day) {
            showLine(`Pruning ${day}`);
            await sleep(REST_MS);
          },
        });
      });
      endLine();
      const what = `${done.decisions} decisions and ${done.settlements} settlements of ${done.days} days`;
      process.stdout.write(
        dryRun
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

/**
 * Sums that are kept under other dates than reports have would move spend from one closed month to another.
 * @throws Error if there is no valid policy to say where the days of reports begin
 */
async function reportsTimeZone({ config }: LedgerFlags): Promise<string> {
  const [{ loadPolicy }, { timeZoneOf }] = await Promise.all([
    import('../../policy/load.ts'),
    import('../../policy/time-zone.ts'),
  ]);
  const { policies } = await loadSettings(process.env, { file: config });
  try {
    return timeZoneOf(await loadPolicy(policies));
  } catch (error) {
    throw new Error(
      `Nothing was pruned: the policy files say under whose dates sums are kept. Name the zone of reports with --time-zone, or set the policy files right.\n${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** By a clock that is ahead, records would be deleted that are not old. */
async function refuseClockAhead({ read }: Ledger, nowMs: number): Promise<void> {
  const { lastMs } = await recordsSpan(read);
  if (lastMs === null || nowMs - lastMs <= NEWEST_WITHIN_MS) return;
  const [newest, now] = [lastMs, nowMs].map((ms) => new Date(ms).toISOString());
  throw new Error(
    `Nothing was pruned: the newest record is of ${newest}, and the clock of this machine says ${now}. If the clock is wrong, set it. If it is right, add --idle.`,
  );
}

function retentionPeriod(text: string): RetentionPeriod {
  const keep = parseRetentionPeriod(text);
  if (keep === null) throw new InvalidArgumentError(`it is written ${RETENTION_PERIOD_EXAMPLES}.`);
  return keep;
}

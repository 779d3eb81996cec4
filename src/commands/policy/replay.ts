import { basename, dirname } from 'node:path';
import { Command, Option } from 'commander';
import { writeFilesAtomically } from '../../foundation/files/atomic-files.ts';
import { loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { timeZoneOf } from '../../policy/time-zone.ts';
import { replayAsJson } from '../../reports/replay/as-json.ts';
import { replayAsTable } from '../../reports/replay/as-table.ts';
import { replayPage } from '../../reports/replay/page.ts';
import { examples } from '../shared/examples.ts';
import { addLedgerOptions, type LedgerFlags } from '../shared/ledger-option.ts';
import { dayOrInstant, instant, since } from '../shared/option-values.ts';
import { formatOption } from '../shared/shared-options.ts';

interface ReplayFlags extends LedgerFlags {
  readonly candidate: string;
  readonly since: (nowMs: number) => number;
  readonly to?: number;
  readonly asOf?: (timeZone: string) => number;
  readonly budgets: boolean;
  readonly html?: string;
  readonly format: keyof typeof FORMATS;
}

const FORMATS = { table: replayAsTable, json: replayAsJson };

/** `guardrail policy replay`: what other policies would have decided about recorded queries. */
export function replayCommand(): Command {
  return addLedgerOptions(new Command('replay'))
    .description(
      'Show what other policies would have made of the recorded queries: who would be affected, and the savings.',
    )
    .addHelpText(
      'after',
      examples(
        'policy replay --candidate edited-policies --since 30d',
        'policy replay --candidate policies --as-of 2026-12-01 --html replay.html',
      ),
    )
    .requiredOption('--candidate <folder>', 'the policy files to try (required)')
    .addOption(
      new Option('--since <time>', 'start: 30d, 4w, 12h, a date or an ISO instant')
        .argParser(since)
        .default(since('30d'), '30d'),
    )
    .option('--to <time>', 'end, exclusive: a UTC date or an ISO instant (default: now)', instant)
    .option(
      '--as-of <time>',
      'the time for dates of rules and exchange rates: a date, once it has begun for both, or an ISO instant (default: now)',
      dayOrInstant,
    )
    .option('--no-budgets', 'leave budgets out, and replay only rules')
    .option('--html <file>', 'also write the report as a page')
    .addOption(formatOption(FORMATS, 'table'))
    .action(replay);
}

async function replay(flags: ReplayFlags): Promise<void> {
  const { replayCandidate } = await import('./replay/candidate.ts');
  const nowMs = Date.now();
  const report = await replayCandidate(
    flags,
    (options) => loadPolicy(flags.candidate, options),
    (candidate) => ({
      fromMs: flags.since(nowMs),
      toMs: flags.to ?? nowMs,
      asOfMs: flags.asOf === undefined ? nowMs : asOfMs(flags.asOf, candidate),
      withBudgets: flags.budgets,
    }),
  );
  process.stdout.write(FORMATS[flags.format](report));
  if (flags.html !== undefined) {
    await writeFilesAtomically(dirname(flags.html), [
      { name: basename(flags.html), content: replayPage(report) },
    ]);
  }
}

/** Rules go by the days of the policy files, exchange rates by those of reports: the day has begun for both. */
function asOfMs(asOf: (timeZone: string) => number, candidate: Pick<Policy, 'budgets' | 'timeZone'>): number {
  return Math.max(asOf(candidate.timeZone), asOf(timeZoneOf(candidate)));
}

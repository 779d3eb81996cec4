import { Command } from 'commander';
import { examples } from './shared/examples.ts';
import { month } from './shared/option-values.ts';
import { showWait } from './shared/progress.ts';
import {
  configOption,
  decimalCommaOption,
  pageLanguageOption,
  timeZoneOption,
} from './shared/shared-options.ts';
import type { ShowbackRun } from './showback/run.ts';

/** `guardrail showback`: the report of a month's spend, for everyone who caused it. */
export function showbackCommand(): Command {
  return new Command('showback')
    .description(
      "Write a month's spend as a page that you can send, and as CSV files. Reads the ledger itself.",
    )
    .addHelpText('after', examples('showback --month 2026-11 --out reports --language en'))
    .requiredOption('--month <month>', 'the month to report, such as 2026-11 (required)', month)
    .option('--out <folder>', 'where the files go', '.')
    .addOption(pageLanguageOption())
    .addOption(timeZoneOption())
    .addOption(decimalCommaOption())
    .addOption(configOption())
    .action(async (run: ShowbackRun) => {
      const { runShowback } = await import('./showback/run.ts');
      const written = await showWait('Reading the month', runShowback(run));
      process.stdout.write(written.map((path) => `Wrote ${path}\n`).join(''));
    });
}

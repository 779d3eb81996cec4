import { Command, Option } from 'commander';
import { examples } from './shared/examples.ts';
import { month, timeZone } from './shared/option-values.ts';
import { configOption } from './shared/shared-options.ts';
import { runShowback, type ShowbackRun } from './showback/run.ts';

/** `guardrail showback`: the report of a month's spend, for everyone who caused it. */
export function showbackCommand(): Command {
  return new Command('showback')
    .description(
      "Write a month's spend as a page that you can send, and as CSV files. Reads the ledger itself.",
    )
    .addHelpText('after', examples('showback --month 2026-11 --out reports --language en'))
    .requiredOption('--month <month>', 'the month to report, such as 2026-11 (required)', month)
    .option('--out <folder>', 'where the files go', '.')
    .addOption(
      new Option('--language <language>', "the page's language").choices(['pt-BR', 'en']).default('pt-BR'),
    )
    .option(
      '--time-zone <name>',
      "where days begin (default: the budgets' zone if they agree, else UTC)",
      timeZone,
    )
    .addOption(configOption())
    .action(async (run: ShowbackRun) => {
      const written = await runShowback(run);
      process.stdout.write(written.map((path) => `Wrote ${path}\n`).join(''));
    });
}

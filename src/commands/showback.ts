import { Command, Option } from 'commander';
import type { Language } from '../vocabulary/policy.ts';
import { month, timeZone } from './shared/option-values.ts';
import { configOption } from './shared/shared-options.ts';
import { runShowback } from './showback/run.ts';

interface ShowbackFlags {
  readonly month: string;
  readonly out: string;
  readonly language: Language;
  readonly timeZone?: string;
  readonly config?: string;
}

/** `guardrail showback`: the report of a month's spend, for everyone who caused it. */
export function showbackCommand(): Command {
  return new Command('showback')
    .description("Write a month's spend as a page to send and as CSV files. Reads the ledger itself.")
    .requiredOption('--month <month>', 'the month to report, such as 2026-11', month)
    .option('--out <folder>', 'where the files go', '.')
    .addOption(new Option('--language <language>').choices(['pt-BR', 'en']).default('pt-BR'))
    .option(
      '--time-zone <name>',
      "where days begin (default: the budgets', where they agree, else UTC)",
      timeZone,
    )
    .addOption(configOption())
    .action(async (flags: ShowbackFlags) => {
      const written = await runShowback(flags);
      process.stdout.write(written.map((path) => `Wrote ${path}\n`).join(''));
    });
}

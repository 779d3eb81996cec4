import { Command, Option } from 'commander';
import { languages } from '../../foundation/text/language.ts';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { addLedgerOptions } from '../shared/ledger-option.ts';
import { bytes, instant, projectId } from '../shared/option-values.ts';
import { formatOption, tokenOption } from '../shared/shared-options.ts';
import { explanationAsJson, explanationAsText } from './explain/formats.ts';
import type { ExplainRun } from './explain/run.ts';

const FORMATS = { text: explanationAsText, json: explanationAsJson };

interface ExplainFlags extends ExplainRun {
  readonly format: keyof typeof FORMATS;
}

/** `guardrail policy explain SQL`: what each stage makes of a query, without running it. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description(
      'Show what each stage makes of a query: what it reads, what it would cost, which rules match, what budgets say. ' +
        'Nothing runs. Exits 0 if it would run, 1 if it would be refused, 2 if that is unknown.',
    )
    .addHelpText(
      'after',
      examples(
        "policy explain 'SELECT * FROM atendimento.messages' --as atendimento --bytes '3 GiB'",
        "policy explain 'SELECT 1' --project your-project",
      ),
    )
    .argument('<sql>', 'GoogleSQL')
    .option(
      '--as <who>',
      'a team, or the e-mail address of a principal (default: the owner of the credential)',
    )
    .option('--policies <folder>', 'folder of policy files', 'policies')
    .option('--endpoint <url>', 'where to ask for a dry run', 'https://bigquery.googleapis.com')
    .addOption(tokenOption())
    .option('--bytes <amount>', 'use this as the estimate, such as "3 GiB", and ask no warehouse', bytes)
    .option('--project <id>', 'project that the query runs in', projectId, 'guardrail-demo')
    .option('--dataset <id>', 'dataset for table names without one')
    .option('--person <name>', 'as the tool names them')
    .option('--dashboard <name>', 'as the tool names it')
    .option('--card <name>', 'as the tool names it')
    .option('--tool <name>', 'such as metabase')
    .option('--at <instant>', 'as if sent then, such as 2027-01-15T09:00:00-03:00 (default: now)', instant)
    .addOption(new Option('--language <language>', "of messages (default: the team's)").choices(languages))
    .addOption(formatOption(FORMATS, 'text'))
    .exitOverride(exitOnUsageError)
    .action((sql: string, flags: ExplainFlags) =>
      exitWith(async () => {
        const { explain } = await import('./explain/run.ts');
        const explanation = await explain(sql, flags);
        process.stdout.write(FORMATS[flags.format](explanation));
        return explanation.rehearsal.cause === null ? EXIT_OK : EXIT_WRONG;
      }),
    );
  return addLedgerOptions(command, 'that of --config; without either, budgets count as untouched');
}

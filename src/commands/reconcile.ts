import { Command, type CommanderError, Option } from 'commander';
import { asCsv } from '../reconciliation/as-csv.ts';
import { asJson } from '../reconciliation/as-json.ts';
import { asTable } from '../reconciliation/as-table.ts';
import type { Printed } from '../reconciliation/printed.ts';
import { balances } from '../reconciliation/report.ts';
import { countOrNone, location, projectId, repeatable, timeZone } from './option-values.ts';
import { type ReconcileRun, runReconciliation } from './reconcile-run.ts';

/** What cron and scripts go by. */
const BALANCES = 0;
const DOES_NOT_BALANCE = 1;
const COULD_NOT_TELL = 2;

const formats: Readonly<Record<string, (printed: Printed) => string>> = {
  table: asTable,
  json: asJson,
  csv: asCsv,
};

interface ReconcileFlags extends ReconcileRun {
  readonly format: string;
  readonly quiet?: boolean;
}

/** `guardrail reconcile`: the ledger against the warehouse's own list of jobs. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description("Hold the ledger against BigQuery's own list of jobs, query by query.")
    .option('--from <time>', 'beginning: a date or an ISO instant (default: 24 hours before the end)')
    .option('--to <time>', 'end, left out (default: an hour ago)')
    .option('--lag <minutes>', 'how young jobs may not be listed yet', countOrNone, 10)
    .option(
      '--time-zone <name>',
      "where days begin (default: the budgets', where they agree, else UTC)",
      timeZone,
    )
    .option('--project <id>', "project to read; repeatable (default: the decisions')", repeatable(projectId))
    .option(
      '--location <name>',
      "location to read; repeatable (default: the decisions')",
      repeatable(location),
    )
    .option('--endpoint <url>', 'the warehouse (default: the setting upstream)')
    .option(
      '--token <token>',
      'bearer token (default: GUARDRAIL_TOKEN, else application default credentials)',
    )
    .option('--config <file>', 'settings file (default: guardrail.yaml, where there is one)')
    .addOption(new Option('--format <format>', 'how to print').choices(Object.keys(formats)).default('table'))
    .option('--quiet', 'print nothing where the books balance')
    .option('--write-corrections', 'enter into the ledger what brings it in line with the warehouse')
    .option('--reason <text>', 'why corrections are entered')
    .option('--by <name>', 'who has them entered')
    .exitOverride(exitAs)
    .action(async (flags: ReconcileFlags) => {
      try {
        const printed = await runReconciliation(flags);
        const balanced = balances(printed.report);
        process.exitCode = balanced ? BALANCES : DOES_NOT_BALANCE;
        if (!(balanced && flags.quiet)) process.stdout.write(formats[flags.format]?.(printed) ?? '');
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        process.stderr.write(`Whether the books balance could not be told. ${why}\n`);
        process.exitCode = COULD_NOT_TELL;
      }
    });
}

/** A wrong option must not look like books that do not balance. */
function exitAs(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? 0 : COULD_NOT_TELL);
}

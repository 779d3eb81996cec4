import { once } from 'node:events';
import { Command } from 'commander';
import { asCsv } from '../reports/reconciliation/print/as-csv.ts';
import { asJson } from '../reports/reconciliation/print/as-json.ts';
import { asTable, MOST_SHOWN } from '../reports/reconciliation/print/as-table.ts';
import type { Printed } from '../reports/reconciliation/print/printed.ts';
import { balances } from '../reports/reconciliation/report.ts';
import type { ReconcileRun } from './reconcile/run.ts';
import { examples } from './shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from './shared/exit-codes.ts';
import { countOrNone, dayOrInstant, location, projectId, repeatable } from './shared/option-values.ts';
import { showWait } from './shared/progress.ts';
import {
  configOption,
  currencyOption,
  endpointOption,
  formatOption,
  timeZoneOption,
  tokenOption,
} from './shared/shared-options.ts';

/** The list of jobs is updated in near real time; recent jobs may be missing, or not have their final figures. */
const LAG_MINUTES = 10;

const FORMATS = {
  table: (printed: Printed): Iterable<string> => [asTable(printed)],
  json: asJson,
  csv: asCsv,
};

interface ReconcileFlags extends ReconcileRun {
  readonly format: keyof typeof FORMATS;
  readonly quiet?: boolean;
}

/** `guardrail reconcile`: compares the ledger with the warehouse's own list of jobs. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description("Compare the ledger with BigQuery's own list of jobs, query by query.")
    .addHelpText(
      'after',
      examples(
        'reconcile --quiet',
        'reconcile --from 2026-11-01 --to 2026-12-01 --format csv',
        "reconcile --write-corrections --by ana --reason 'jobs that bypassed guardrail'",
      ),
    )
    .option(
      '--from <time>',
      'start: a date or an ISO instant (default: 24 hours before the end)',
      dayOrInstant,
    )
    .option('--to <time>', 'end, exclusive (default: an hour ago)', dayOrInstant)
    .option(
      '--lag <minutes>',
      'leave out jobs of the last minutes, which may not be listed yet',
      countOrNone,
      LAG_MINUTES,
    )
    .addOption(timeZoneOption())
    .addOption(currencyOption())
    .option('--project <id>', "project to read; repeatable (default: the decisions')", repeatable(projectId))
    .option(
      '--location <name>',
      "location to read; repeatable (default: the decisions')",
      repeatable(location),
    )
    .addOption(endpointOption())
    .addOption(tokenOption())
    .addOption(configOption())
    .addOption(formatOption(FORMATS, 'table'))
    .option('--quiet', 'print nothing if the books balance')
    .option('--write-corrections', 'add the entries that bring the ledger in line with the warehouse')
    .option('--reason <text>', 'why corrections are made')
    .option('--by <name>', 'who makes them')
    .exitOverride(exitOnUsageError)
    .action((flags: ReconcileFlags) =>
      exitWith(() => reconcile(flags), 'Could not find out whether the books balance.'),
    );
}

async function reconcile(flags: ReconcileFlags): Promise<number> {
  const { runReconciliation } = await import('./reconcile/run.ts');
  const mostFindings = flags.format === 'table' ? MOST_SHOWN : Number.POSITIVE_INFINITY;
  const printed = await showWait('Comparing', runReconciliation({ ...flags, mostFindings }));
  const balanced = balances(printed.report);
  if (!(balanced && flags.quiet)) await print(FORMATS[flags.format](printed));
  return balanced ? EXIT_OK : EXIT_WRONG;
}

/** No faster than whoever reads it. */
async function print(parts: Iterable<string>): Promise<void> {
  for (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
}

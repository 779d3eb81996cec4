import { Command, InvalidArgumentError } from 'commander';
import type { AuditRun } from './audit/run.ts';
import { examples } from './shared/examples.ts';
import { EXIT_OK, exitOnUsageError, exitWith } from './shared/exit-codes.ts';
import { count, countOrNone, location, projectId, repeatable } from './shared/option-values.ts';
import { configOption, endpointOption, pageLanguageOption, tokenOption } from './shared/shared-options.ts';

const MAX_MINUTES = 24 * 60;

interface AuditFlags extends Omit<AuditRun, 'autoRefresh'> {
  readonly autoRefresh?: readonly (readonly [string, number])[];
}

/** `guardrail audit`: what today's dashboards cost, and what the policies would say about them. */
export function auditCommand(): Command {
  return new Command('audit')
    .description(
      "Price every card of a Metabase export, or every file in a folder of SQL, by dry runs, and report each dashboard's cost, the rules it breaks, legacy tables and duplicates.",
    )
    .addHelpText(
      'after',
      examples(
        'audit examples/metabase/export --as atendimento --out report',
        'audit queries --as metabase@your-project.iam.gserviceaccount.com --project your-project',
      ),
    )
    .argument(
      '<path>',
      'folder that "metabase export" wrote, answers of its API as JSON files, or .sql files',
    )
    .requiredOption('--as <team>', 'whose rules apply: a team of the policy files, or a principal (required)')
    .option('--out <folder>', 'write the report there as HTML, JSON and CSV')
    .addOption(pageLanguageOption())
    .option(
      '--views-per-day <number>',
      "views of each dashboard a day (default: the export's count, else 20)",
      number,
    )
    .option('--days-per-month <number>', 'working days per month', count, 22)
    .option('--hours-per-day <number>', 'working hours per day', hours, 10)
    .option(
      '--auto-refresh <dashboard=minutes>',
      'a screen that reloads a dashboard by itself; repeatable',
      repeatable(autoRefresh),
    )
    .option('--project <id>', 'project that the queries run in', projectId, 'guardrail-demo')
    .option('--dataset <id>', 'dataset for table names without one')
    .option('--location <name>', 'where the queries run', location)
    .addOption(endpointOption())
    .addOption(tokenOption())
    .option('--concurrency <number>', 'dry runs at a time', count, 8)
    .option('--retries <number>', 'retries after a dry run that failed temporarily', countOrNone, 3)
    .addOption(configOption())
    .exitOverride(exitOnUsageError)
    .action((path: string, flags: AuditFlags) => exitWith(() => audit(path, flags)));
}

async function audit(path: string, flags: AuditFlags): Promise<number> {
  const { runAudit } = await import('./audit/run.ts');
  const { text, written } = await runAudit(path, {
    ...flags,
    autoRefresh: new Map(flags.autoRefresh ?? []),
  });
  process.stdout.write([text, ...written.map((file) => `Wrote ${file}\n`)].join(''));
  return EXIT_OK;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it is a number above 0.');
}

function hours(text: string): number {
  const value = number(text);
  if (value <= 24) return value;
  throw new InvalidArgumentError('a day has 24 hours.');
}

function autoRefresh(text: string): readonly [string, number] {
  const at = text.lastIndexOf('=');
  const minutes = number(text.slice(at + 1));
  if (at > 0 && minutes <= MAX_MINUTES) return [text.slice(0, at), minutes];
  throw new InvalidArgumentError(
    'write it as the dashboard\'s name or identifier, "=", and minutes: "Visão do dia=5".',
  );
}

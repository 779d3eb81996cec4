import { Command, InvalidArgumentError } from 'commander';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import { sunsetAsText } from '../reports/sunset/as-text.ts';
import type { SunsetReport, SunsetVerdict } from '../reports/sunset/report.ts';
import { loadSettings } from '../settings/load.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import { exportCommand } from './catalog/export.ts';
import { examples } from './shared/examples.ts';
import { exitOnUsageError, exitWith } from './shared/exit-codes.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from './shared/ledger-option.ts';
import { count } from './shared/option-values.ts';
import { endLine, showLine } from './shared/progress.ts';
import { formatOption } from './shared/shared-options.ts';

interface SunsetFlags extends LedgerFlags {
  readonly days: number;
  readonly policies?: string;
  readonly format: keyof typeof FORMATS;
}

const FORMATS = { text: sunsetAsText, json: sunsetAsJson };
const EXIT_CODES: Readonly<Record<SunsetVerdict, number>> = {
  'can retire': 0,
  'cannot retire': 1,
  'not proven': 2,
};

/** `guardrail catalog …`: the tables of the policy files. */
export function catalogCommand(): Command {
  return new Command('catalog')
    .description('Work on the catalog of tables.')
    .addCommand(exportCommand())
    .addCommand(sunsetCommand());
}

function sunsetCommand(): Command {
  return addLedgerOptions(new Command('sunset'))
    .description(
      'Show who still uses a table, and whether it can be retired. Exits 0 if it can, 1 if not, 2 if that is unknown.',
    )
    .addHelpText('after', examples('catalog sunset atendimento.legacy_messages_export --days 90'))
    .argument('<table>', 'project.dataset.table or dataset.table; may end with *', table)
    .option('--days <count>', 'how long nobody must have used it', count, 30)
    .option('--policies <folder>', 'the policy files with the catalog (default: from the settings)')
    .addOption(formatOption(FORMATS, 'text'))
    .exitOverride(exitOnUsageError)
    .action((name: string, flags: SunsetFlags) =>
      exitWith(async () => {
        const { gatherSunset } = await import('../service/questions/gather-sunset.ts');
        const policy = await loadPolicy(flags.policies ?? (await policiesOf(flags)));
        const report = await withLedger(flags, ({ read }) =>
          gatherSunset(read, {
            table: name,
            entry: entryOf(name, policy),
            days: flags.days,
            nowMs: Date.now(),
            timeZone: timeZoneOf(policy),
            onProgress: (uses) => showLine(`${uses} uses`),
          }),
        );
        endLine();
        process.stdout.write(FORMATS[flags.format](report));
        return EXIT_CODES[report.verdict];
      }),
    );
}

async function policiesOf({ config }: LedgerFlags): Promise<string> {
  return (await loadSettings(process.env, { file: config })).policies;
}

function table(text: string): string {
  if (/^[^\s`]+\.[^\s`]+$/.test(text)) return text;
  throw new InvalidArgumentError('Write project.dataset.table or dataset.table.');
}

/** What the catalog says about a table; if its project is left out, about the only one with that name. */
function entryOf(name: string, { catalogEntry, catalogEntries }: Policy): CatalogEntry | null {
  const named = catalogEntry(name);
  if (named !== null || name.split('.').length > 2) return named;
  const [only = null, ...others] = catalogEntries.filter((entry) => entry.table.endsWith(`.${name}`));
  return others.length === 0 ? only : null;
}

/** For programs: instants as ISO texts. */
function sunsetAsJson(report: SunsetReport): string {
  const isInstant = (key: string, value: unknown): value is number =>
    key.endsWith('Ms') && typeof value === 'number';
  return `${JSON.stringify(report, (key, value: unknown) => (isInstant(key, value) ? new Date(value) : value), 2)}\n`;
}

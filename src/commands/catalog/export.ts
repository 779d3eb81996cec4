import { Command, Option } from 'commander';
import { type Language, languages } from '../../foundation/text/language.ts';
import { catalogAsCsv } from '../../reports/catalog/as-csv.ts';
import { catalogJson } from '../../reports/catalog/as-json.ts';
import { catalogAsMarkdown } from '../../reports/catalog/as-markdown.ts';
import type { CatalogReport } from '../../reports/catalog/report.ts';
import { examples } from '../shared/examples.ts';
import { addLedgerOptions } from '../shared/ledger-option.ts';
import { instant } from '../shared/option-values.ts';
import { endpointOption, formatOption, tokenOption } from '../shared/shared-options.ts';
import type { CatalogRun } from './run.ts';

interface ExportFlags extends CatalogRun {
  readonly format: keyof typeof FORMATS;
  readonly language: Language;
}

const FORMATS = {
  json: (report: CatalogReport) => `${JSON.stringify(catalogJson(report), null, 2)}\n`,
  csv: catalogAsCsv,
  markdown: catalogAsMarkdown,
};

/** `guardrail catalog export`: every table, what the catalog says about it, and who reads it. */
export function exportCommand(): Command {
  return addLedgerOptions(new Command('export'))
    .description(
      'List each table with its catalog entry, who reads it, the cost, and the columns that nobody uses.',
    )
    .addHelpText(
      'after',
      examples(
        'catalog export --format markdown > catalog.md',
        'catalog export --columns --from 2026-11-01 --format csv',
      ),
    )
    .option('--from <time>', 'start: a UTC date or an ISO instant (default: 30 days before the end)', instant)
    .option('--to <time>', 'end, exclusive (default: now)', instant)
    .option('--policies <folder>', 'the policy files with the catalog (default: from the settings)')
    .addOption(formatOption(FORMATS, 'json'))
    .addOption(new Option('--language <language>', 'of Markdown').choices(languages).default('en'))
    .option(
      '--columns',
      "ask the warehouse for the tables' columns, to list those that nobody uses; free of charge",
    )
    .addOption(endpointOption())
    .addOption(tokenOption())
    .action(async (flags: ExportFlags) => {
      const { reportCatalog } = await import('./run.ts');
      const report = await reportCatalog(flags);
      process.stdout.write(FORMATS[flags.format](report, flags.language));
    });
}

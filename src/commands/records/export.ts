import { extname } from 'node:path';
import { Command, Option } from 'commander';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import { readRecords } from '../../records/export/read.ts';
import { type ExportFormat, exportFormats, writeExport } from '../../records/export/write.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { examples } from '../shared/examples.ts';
import { addLedgerOptions, type LedgerFlags, withLedger } from '../shared/ledger-option.ts';
import { dayOrInstant, inOrder, timeZone } from '../shared/option-values.ts';
import { endLine, showLine } from '../shared/progress.ts';

interface ExportFlags extends LedgerFlags {
  readonly format?: ExportFormat;
  readonly from?: (timeZone: string) => number;
  readonly to?: (timeZone: string) => number;
  readonly timeZone: string;
  readonly out: string;
  readonly force?: boolean;
}

/** `guardrail records export`: the decision records, for anything that reads tables. */
export function recordsExportCommand(): Command {
  return addLedgerOptions(new Command('export'))
    .description('Write decision records, each with its cost, to a file. Columns: docs/records.md.')
    .addHelpText(
      'after',
      examples(
        'records export --out november.parquet --from 2026-11-01 --to 2026-12-01',
        'records export --out records.csv',
      ),
    )
    .addOption(
      new Option(
        '--format <format>',
        "how to write (default: by the file's ending; without one, parquet)",
      ).choices(exportFormats),
    )
    .option('--from <time>', 'start: a date or an ISO instant (default: the first record)', dayOrInstant)
    .option('--to <time>', 'end, exclusive (default: now)', dayOrInstant)
    .option('--time-zone <name>', 'where days begin', timeZone, 'UTC')
    .requiredOption('--out <file>', 'the file; it appears once it is complete (required)')
    .option('--force', 'replace an existing file')
    .action(async (flags: ExportFlags) => {
      const range = inOrder({
        fromMs: flags.from?.(flags.timeZone) ?? 0,
        toMs: flags.to?.(flags.timeZone) ?? Date.now(),
      });
      const format = flags.format ?? formatOf(flags.out);
      let written = 0;
      await withLedger(flags, async ({ read }) => {
        const pages = counted(readRecords(read, range), (count) => {
          written += count;
          showLine(`${written} records`);
        });
        await writeExport(format, flags.out, pages, { replace: flags.force === true });
      });
      endLine();
      process.stdout.write(`${written} records ${spanText(range)} are in ${flags.out}.\n`);
    });
}

/** Whoever names a file `.csv` wants CSV in it. @throws Error for an ending that means none of the formats */
function formatOf(file: string): ExportFormat {
  const ending = extname(file).toLowerCase();
  if (ending === '') return 'parquet';
  const format = exportFormats.find((one) => ending === `.${one}`);
  if (format !== undefined) return format;
  throw new Error(
    `No format is known by the ending of ${file}. End it in .parquet, .csv or .jsonl, or name the format with --format.`,
  );
}

async function* counted(
  pages: AsyncIterable<readonly DecisionRecord[]>,
  onPage: (count: number) => void,
): AsyncGenerator<readonly DecisionRecord[]> {
  for await (const page of pages) {
    yield page;
    onPage(page.length);
  }
}

function spanText({ fromMs, toMs }: TimeSpan): string {
  const to = new Date(toMs).toISOString();
  return fromMs === 0 ? `up to ${to}` : `of ${new Date(fromMs).toISOString()} to ${to}`;
}

import { Command, Option } from 'commander';
import { z } from 'zod';
import type { CsvDialect } from '../foundation/text/csv.ts';
import { type SavingKey, savingCauses, savingKeys } from '../reports/savings/saving.ts';
import type { SavingsReport } from '../reports/savings/savings.ts';
import { savingsAsCsv, savingsAsJson, savingsAsTable } from './savings/formats.ts';
import { askOps, type OpsTarget, opsOption, opsTokenOption } from './shared/ask-ops.ts';
import { examples } from './shared/examples.ts';
import { exitOnUsageError } from './shared/exit-codes.ts';
import { date, listOf } from './shared/option-values.ts';
import {
  csvDialectFor,
  currencyOption,
  decimalCommaOption,
  formatOption,
  timeZoneOption,
} from './shared/shared-options.ts';

interface SavingsFlags extends OpsTarget {
  readonly by: readonly SavingKey[];
  readonly from?: string;
  readonly to?: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly format: keyof typeof FORMATS;
  readonly decimalComma?: boolean;
}

/** Only CSV has dialects. */
const FORMATS: Readonly<
  Record<'table' | 'csv' | 'json', (answer: SavingsReport, dialect: CsvDialect) => string>
> = { table: savingsAsTable, csv: savingsAsCsv, json: savingsAsJson };

/** Savings as the operators' API gives them; amounts are decimal text, since they may exceed 2^53. */
const answer = z
  .object({
    by: z.array(z.enum(savingKeys)),
    from: z.string(),
    to: z.string(),
    timeZone: z.string(),
    recordsFrom: z.string().nullable(),
    savings: z.array(
      z.object({
        keys: z.array(z.string()),
        cause: z.enum(savingCauses),
        currency: z.string(),
        needs: z.number(),
        attempts: z.number(),
        estimatedBytes: z.coerce.bigint(),
        estimatedCostMicros: z.coerce.bigint(),
        savedBytes: z.coerce.bigint(),
        savedCostMicros: z.coerce.bigint(),
      }),
    ),
  })
  .transform(({ savings, ...report }) => ({ ...report, rows: savings }));

/** `guardrail savings`: what refusals saved, from a running guardrail. */
export function savingsCommand(): Command {
  return new Command('savings')
    .description(
      'Show what was not spent because queries were refused or rewritten. Asks a running guardrail.',
    )
    .addHelpText(
      'after',
      examples('savings --from 2026-11-01 --to 2026-12-01', 'savings --by team,day --format csv'),
    )
    .addOption(
      new Option('--by <keys>', `what to sum by, with commas: ${savingKeys.join(', ')}`)
        .argParser(listOf(savingKeys))
        .default(['team'], 'team'),
    )
    .option('--from <date>', 'first day, such as 2026-11-01 (default: 30 days before the last)', date)
    .option('--to <date>', 'the day after the last (default: up to now)', date)
    .addOption(currencyOption())
    .addOption(timeZoneOption())
    .addOption(formatOption(FORMATS, 'table'))
    .addOption(decimalCommaOption())
    .addOption(opsOption())
    .addOption(opsTokenOption())
    .exitOverride(exitOnUsageError)
    .action(async (flags: SavingsFlags, command: Command) => {
      const dialect = csvDialectFor(flags, command);
      const saved = await askOps(flags, { method: 'GET', path: pathFor(flags) }, answer);
      process.stdout.write(FORMATS[flags.format](saved, dialect));
    });
}

function pathFor({ by, from, to, currency, timeZone: zone }: SavingsFlags): string {
  const query = new URLSearchParams({
    by: by.join(','),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(currency === undefined ? {} : { currency }),
    ...(zone === undefined ? {} : { time_zone: zone }),
  });
  return `/api/v1/savings?${query}`;
}

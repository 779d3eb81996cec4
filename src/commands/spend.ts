import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { CsvDialect } from '../foundation/text/csv.ts';
import { keysProblem, type SpendKey, spendKeys } from '../records/spend/spend-query.ts';
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
import { type SpendAnswer, spendAsCsv, spendAsJson, spendAsTable } from './spend/formats.ts';

interface SpendFlags extends OpsTarget {
  readonly by: readonly SpendKey[];
  readonly from?: string;
  readonly to?: string;
  readonly team?: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly format: keyof typeof FORMATS;
  readonly decimalComma?: boolean;
}

/** Only CSV has dialects. */
const FORMATS: Readonly<
  Record<'table' | 'csv' | 'json', (answer: SpendAnswer, dialect: CsvDialect) => string>
> = { table: spendAsTable, csv: spendAsCsv, json: spendAsJson };

/** Spend as the operators' API gives it; amounts are decimal text, since they may exceed 2^53. */
const answer: z.ZodType<Omit<SpendAnswer, 'by'>> = z.object({
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  spend: z.array(
    z.object({
      keys: z.array(z.string().nullable()),
      currency: z.string(),
      queries: z.number(),
      bytesBilled: z.coerce.bigint(),
      freeBytes: z.coerce.bigint(),
      costMicros: z.coerce.bigint(),
      slotMs: z.coerce.bigint(),
      sharedQueries: z.number(),
      sharedBytesBilled: z.coerce.bigint(),
      sharedCostMicros: z.coerce.bigint(),
    }),
  ),
});

/** `guardrail spend`: who or what the money went to, from a running guardrail. */
export function spendCommand(): Command {
  return new Command('spend')
    .description('Show where bytes and money went. Asks a running guardrail.')
    .addHelpText(
      'after',
      examples(
        'spend --from 2026-11-01 --by team',
        'spend --by person,dashboard --team atendimento',
        'spend --by team,day --format csv > spend.csv',
      ),
    )
    .addOption(
      new Option('--by <keys>', `what to sum by, with commas: ${spendKeys.join(', ')}`)
        .argParser(keys)
        .default(['team'], 'team'),
    )
    .option('--from <date>', 'first day, such as 2026-11-01 (default: 30 days ago)', date)
    .option('--to <date>', 'the day after the last (default: up to now)', date)
    .option('--team <name>', 'only the spend of this team')
    .addOption(currencyOption())
    .addOption(timeZoneOption())
    .addOption(formatOption(FORMATS, 'table'))
    .addOption(decimalCommaOption())
    .addOption(opsOption())
    .addOption(opsTokenOption())
    .exitOverride(exitOnUsageError)
    .action(async (flags: SpendFlags, command: Command) => {
      const dialect = csvDialectFor(flags, command);
      const spent = { by: flags.by, ...(await askSpend(flags)) };
      process.stdout.write(FORMATS[flags.format](spent, dialect));
    });
}

function keys(text: string): readonly SpendKey[] {
  const given = listOf(spendKeys)(text);
  const wrong = keysProblem(given);
  if (wrong !== null) throw new InvalidArgumentError(wrong);
  return given;
}

async function askSpend(flags: SpendFlags) {
  const { by, from, to, team, currency, timeZone: zone } = flags;
  const query = new URLSearchParams({
    by: by.join(','),
    ...(zone === undefined ? {} : { time_zone: zone }),
    ...(currency === undefined ? {} : { currency }),
    ...(team === undefined ? {} : { team }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  return askOps(flags, { method: 'GET', path: `/api/v1/spend?${query}` }, answer);
}

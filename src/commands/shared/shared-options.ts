import { type Command, Option } from 'commander';
import { type CsvDialect, DECIMAL_COMMA, PLAIN } from '../../foundation/text/csv.ts';
import { languages } from '../../foundation/text/language.ts';
import { currency, timeZone } from './option-values.ts';

/** The settings option of a command that uses them. */
export function configOption(): Option {
  return new Option('--config <file>', 'settings file (default: guardrail.yaml, if there is one)');
}

/** The credential option of a command that asks the warehouse. */
export function tokenOption(): Option {
  return new Option(
    '--token <token>',
    'bearer token (default: GUARDRAIL_TOKEN, else application default credentials)',
  );
}

/** The address option of a command that asks the warehouse. */
export function endpointOption(): Option {
  return new Option('--endpoint <url>', 'the warehouse (default: the setting upstream)');
}

/**
 * The format option of a command that prints in several.
 * @param formats by name
 * @param standard the one that is printed by default
 * @param note on a format whose name does not say enough
 */
export function formatOption<Format extends string>(
  formats: Readonly<Record<Format, unknown>>,
  standard: NoInfer<Format>,
  note = '',
): Option {
  return new Option('--format <format>', `how to print${note}`)
    .choices(Object.keys(formats))
    .default(standard);
}

/** The language option of a command that writes a page. */
export function pageLanguageOption(): Option {
  return new Option('--language <language>', "the page's language").choices(languages).default('pt-BR');
}

/** The option of a command that writes CSV for people too. */
export function decimalCommaOption(): Option {
  return new Option(
    '--decimal-comma',
    'CSV as Excel opens it in Brazil: decimal commas, and semicolons between cells',
  );
}

/** The dialect that this option chooses. */
export function csvDialect({ decimalComma = false }: { readonly decimalComma?: boolean }): CsvDialect {
  return decimalComma ? DECIMAL_COMMA : PLAIN;
}

/** The same for a command with several formats, of which only CSV has dialects: anything else is a usage error. */
export function csvDialectFor(
  flags: { readonly format: string; readonly decimalComma?: boolean },
  command: Command,
): CsvDialect {
  if (flags.decimalComma && flags.format !== 'csv') {
    command.error("error: option '--decimal-comma' is for '--format csv' only");
  }
  return csvDialect(flags);
}

/** The currency option of a command that sums up costs. */
export function currencyOption(): Option {
  return new Option(
    '--currency <code>',
    "such as BRL: each day's costs at the policy's rate of that day (default: the currency of the prices)",
  ).argParser(currency);
}

/** The time zone option of a command that sums up days. */
export function timeZoneOption(): Option {
  return new Option(
    '--time-zone <name>',
    "where days begin (default: the budgets' zone if they agree, else the policy's)",
  ).argParser(timeZone);
}

import { type Options, stringify as stream } from 'csv-stringify';
import { stringify } from 'csv-stringify/sync';

/** What a cell of a CSV file holds; null if it is empty. */
export type CsvCell = string | number | bigint | boolean | Date | readonly string[] | null | undefined;

/** Cells in the order of the columns, or by their names. */
type CsvRow = readonly CsvCell[] | Readonly<Record<string, CsvCell>>;

/**
 * Names, labels and SQL are other people's words, and none may run as a formula in a spreadsheet: a text that would
 * gets an apostrophe in front. Negative amounts are not texts.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function options(columns: readonly string[]): Options {
  return {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    cast: { bigint: String, boolean: String, date: (date) => date.toISOString() },
  };
}

/** A CSV file: a head with the columns' names, and the rows. Instants are ISO 8601 in UTC, lists are JSON. */
export function csvText(columns: readonly string[], rows: readonly CsvRow[]): string {
  return stringify([...rows], options(columns));
}

/** The same, row by row. */
export function csvStream(columns: readonly string[]) {
  return stream(options(columns));
}

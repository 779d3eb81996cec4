import { type Options, stringify as stream } from 'csv-stringify';
import { stringify } from 'csv-stringify/sync';

/** What a cell of a CSV file holds; null if it is empty. */
export type CsvCell = string | number | bigint | boolean | Date | readonly string[] | null | undefined;

/** How a spreadsheet's language expects a CSV file. */
export interface CsvDialect {
  readonly delimiter: ',' | ';';
  readonly decimalMark: '.' | ',';
  /** Excel takes a file without one for another encoding than UTF-8. */
  readonly byteOrderMark: boolean;
}

/** As programs read it. */
export const PLAIN: CsvDialect = { delimiter: ',', decimalMark: '.', byteOrderMark: false };

/** As Excel opens it in Brazil and wherever else the decimal mark is a comma. */
export const DECIMAL_COMMA: CsvDialect = { delimiter: ';', decimalMark: ',', byteOrderMark: true };

/**
 * A figure as the dialect writes it.
 * @param figure with a point as its decimal mark
 */
export function decimalCell(figure: string, { decimalMark }: CsvDialect): string {
  return figure.replace('.', decimalMark);
}

/** Cells in the order of the columns, or by their names. */
type CsvRow = readonly CsvCell[] | Readonly<Record<string, CsvCell>>;

/**
 * Names, labels and SQL are other people's words, and none may run as a formula in a spreadsheet: a text that would
 * gets an apostrophe in front. Negative amounts are not texts.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function options(columns: readonly string[], { delimiter, byteOrderMark }: CsvDialect): Options {
  return {
    header: true,
    delimiter,
    bom: byteOrderMark,
    columns: [...columns],
    escape_formulas: true,
    cast: { bigint: String, boolean: String, date: (date) => date.toISOString() },
  };
}

/** A CSV file: a head with the columns' names, and the rows. Instants are ISO 8601 in UTC, lists are JSON. */
export function csvText(columns: readonly string[], rows: readonly CsvRow[], dialect = PLAIN): string {
  return stringify([...rows], options(columns, dialect));
}

/** More rows of such a file, to go below its head. */
export function csvRows(columns: readonly string[], rows: readonly CsvRow[]): string {
  return stringify([...rows], { ...options(columns, PLAIN), header: false });
}

/** The whole file, row by row. */
export function csvStream(columns: readonly string[]) {
  return stream(options(columns, PLAIN));
}

import type { MetabaseColumn, TemplateTag } from '../export-contents.ts';
import { type DateRange, dateRangeOf, lastDays } from './date-range.ts';
import { numberLiteral, quotedName, textLiteral } from './literals.ts';

/** The typical value of a filter, if nothing says what it is: this many days up to today. */
const TYPICAL_DAYS = 30;

/** True for every row: used for a filter without a value, or with one that saves no bytes. */
export const TRUE = '1 = 1';

/**
 * A tag's SQL for a value, or null if the value cannot be put into SQL.
 * @param today ISO date, for values such as `past30days`
 */
export function sqlOf(tag: TemplateTag, value: unknown, today: string): string | null {
  switch (tag.type) {
    case 'number':
      return literalList(value, numberLiteral);
    case 'boolean':
      return value === false || value === 'false' ? '1 <> 1' : TRUE;
    case 'dimension':
      return filterSql(tag, value, today);
    case 'temporal-unit':
      return typeof value === 'string' ? truncatedSql(tag, value) : null;
    case 'date':
      return typeof value === 'string' ? textLiteral(dateRangeOf(value, today)?.from ?? value) : null;
    default:
      return literalList(value, (item) => textLiteral(String(item)));
  }
}

/** The assumed value of a tag's filter when it is on, if neither card nor dashboard says. */
export function typicalSql(tag: TemplateTag, today: string): string {
  switch (tag.type) {
    case 'number':
      return '1';
    case 'date':
      return textLiteral(lastDays(TYPICAL_DAYS, today).from ?? today);
    case 'boolean':
      return TRUE;
    case 'dimension':
      return isDateFilter(tag) && tag.column !== null
        ? rangeSql(columnSql(tag, tag.column), lastDays(TYPICAL_DAYS, today))
        : TRUE;
    case 'temporal-unit':
      return truncatedSql(tag, 'month') ?? TRUE;
    default:
      return textLiteral('');
  }
}

function isDateFilter({ widgetType }: TemplateTag): boolean {
  return widgetType?.startsWith('date') ?? false;
}

/** Conditions that select few values of a column: the warehouse could prune by these. */
const EQUAL = new Set([
  'category',
  'id',
  'string/=',
  'number/=',
  'location/city',
  'location/state',
  'location/zip_code',
  'location/country',
]);

/** A field filter's condition; TRUE for operators by which no warehouse prunes, since they save no bytes. */
function filterSql(tag: TemplateTag, value: unknown, today: string): string | null {
  if (tag.column === null) return null;
  const column = columnSql(tag, tag.column);
  if (isDateFilter(tag)) {
    const range = typeof value === 'string' ? dateRangeOf(value, today) : null;
    return range === null ? TRUE : rangeSql(column, range);
  }
  if (!EQUAL.has(tag.widgetType ?? '')) return TRUE;
  const literals = (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === 'number' ? numberLiteral(item) : textLiteral(String(item)),
  );
  return `${column} IN (${literals.join(', ')})`;
}

function rangeSql(column: string, { from, until }: DateRange): string {
  const ends = [
    ...(from === null ? [] : [`${column} >= ${textLiteral(from)}`]),
    ...(until === null ? [] : [`${column} < ${textLiteral(until)}`]),
  ];
  return ends.length === 0 ? TRUE : `(${ends.join(' AND ')})`;
}

const UNITS: Readonly<Record<string, string>> = {
  minute: 'MINUTE',
  hour: 'HOUR',
  day: 'DAY',
  week: 'WEEK',
  month: 'MONTH',
  quarter: 'QUARTER',
  year: 'YEAR',
};

function truncatedSql(tag: TemplateTag, unit: string): string | null {
  const by = UNITS[unit];
  if (tag.column === null || by === undefined) return null;
  const truncate = tag.column.baseType === 'type/Date' ? 'DATE_TRUNC' : 'TIMESTAMP_TRUNC';
  return `${truncate}(${columnSql(tag, tag.column)}, ${by})`;
}

/** The column as Metabase writes it for BigQuery: table and column in quotes, or the name that the author set. */
export function columnSql({ alias }: TemplateTag, { table, name }: MetabaseColumn): string {
  return alias ?? `${quotedName(table)}.${quotedName(name)}`;
}

function literalList(value: unknown, literal: (item: unknown) => string | null): string | null {
  const literals = (Array.isArray(value) ? value : [value]).map(literal);
  return literals.includes(null) ? null : literals.join(', ');
}

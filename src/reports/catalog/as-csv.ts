import { csvText } from '../../foundation/text/csv.ts';
import { decimalOf } from '../../vocabulary/money.ts';
import type { CatalogReport } from './report.ts';
import { totalsOf } from './totals.ts';

const COLUMNS = [
  'table',
  'status',
  'in_catalog',
  'owner',
  'replacement',
  'read_as',
  'queries',
  'bytes_billed',
  'cost',
  'last_read_at',
  'teams',
  'persons',
  'principals',
  'dashboards',
  'columns_named',
  'queries_of_all_columns',
  'queries_of_unknown_columns',
  'columns_unused',
] as const;

/** A line for each table. Costs are a JSON list of `CURRENCY AMOUNT`, as lists are JSON throughout. */
export function catalogAsCsv({ tables }: CatalogReport): string {
  const rows = tables.map((table) => {
    const { bytesBilled, costs } = totalsOf(table);
    const { named, allQueries, unknownQueries, unused } = table.columns;
    return [
      table.table,
      table.status,
      table.inCatalog,
      table.owner,
      table.replacement,
      table.readAs,
      table.queries,
      bytesBilled,
      costs.map(({ currency, micros }) => `${currency} ${decimalOf(micros)}`),
      table.lastReadMs === null ? null : new Date(table.lastReadMs),
      [...new Set(table.teams.map(({ team }) => team))],
      table.persons,
      table.principals,
      table.dashboards.map(({ tool, dashboard }) => `${tool}:${dashboard}`),
      named.map(({ column }) => column),
      allQueries,
      unknownQueries,
      unused,
    ];
  });
  return csvText(COLUMNS, rows);
}

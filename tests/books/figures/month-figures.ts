import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createBudgets } from '../../../src/budget/budgets.ts';
import { spentHours } from '../../../src/budget/spent-hours.ts';
import { sheetAsCsv } from '../../../src/commands/showback/sheet-csv.ts';
import { startOfDay } from '../../../src/foundation/calendar/days.ts';
import { PLAIN } from '../../../src/foundation/text/csv.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { readRecords } from '../../../src/records/export/read.ts';
import { writeExport } from '../../../src/records/export/write.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { SpendKey } from '../../../src/records/spend/spend-query.ts';
import { gatherMonth, gatherSheets } from '../../../src/service/questions/gather-month.ts';
import type { ExchangeOn } from '../../../src/vocabulary/exchange.ts';
import type { TimeSpan } from '../../../src/vocabulary/time-span.ts';
import { MONTH, SPAN, ZONE } from './drafts.ts';
import type { Month } from './month.ts';
import { budgetsOf, pricingAt } from './parts.ts';

/** Micros by what they are for, such as currency and team; what came to nothing is left out. */
export type Micros = Readonly<Record<string, bigint>>;

/** The month in its time zone. */
export const month: TimeSpan = {
  fromMs: startOfDay(`${MONTH}-01`, ZONE),
  toMs: startOfDay('2026-12-01', ZONE),
};

export function microsBy<T>(
  items: Iterable<T>,
  nameOf: (item: T) => readonly (string | null)[],
  microsOf: (item: T) => bigint,
): Micros {
  const sums = new Map<string, bigint>();
  for (const item of items) {
    const name = nameOf(item).join(' ');
    sums.set(name, (sums.get(name) ?? 0n) + microsOf(item));
  }
  const spent = [...sums].filter(([, micros]) => micros !== 0n);
  return Object.fromEntries(spent.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `guardrail spend` by some keys. */
export async function bySpend({ ledger }: Month, by: readonly SpendKey[], span = month): Promise<Micros> {
  const rows = await spendBy(ledger.read, { by, ...span, timeZone: ZONE });
  return microsBy(
    rows,
    ({ currency, keys }) => [currency, ...keys],
    ({ costMicros, sharedCostMicros }) => costMicros - sharedCostMicros,
  );
}

/** The page of the month, for people and on the console's first page. */
export function byPage({ ledger }: Month) {
  return gatherMonth(ledger.read, { month: MONTH, timeZone: ZONE, nowMs: SPAN.toMs });
}

/** The rates of the policy at the end of the month, two of which follow each other. */
export function exchangeOn({ prices }: Month): ExchangeOn {
  const pricing = pricingAt(prices, SPAN.toMs);
  const [rate] = pricing.exchangeRates;
  return (day) =>
    rate === undefined || day >= '2026-11-15'
      ? pricing
      : { ...pricing, exchangeRates: [{ ...rate, microsPerUnit: rate.microsPerUnit + 333n }] };
}

/** The sum of a column of each of the month's CSV files, by currency. */
export async function bySheets(of: Month, folder: string, duckdb: DuckDBConnection) {
  const sheets = await gatherSheets(of.ledger.read, { month: MONTH, timeZone: ZONE, nowMs: SPAN.toMs });
  const sums: { readonly cost: Micros; readonly converted: Micros }[] = [];
  for (const sheet of sheets) {
    const path = join(folder, `${sheet.name}.csv`);
    const csv = sheetAsCsv(sheet, exchangeOn(of), PLAIN);
    await writeFile(path, csv);
    const other = /,cost_(\w+)\n/.exec(csv)?.[1];
    sums.push({
      cost: await summed(duckdb, path, 'currency', 'cost'),
      converted: other === undefined ? {} : await summed(duckdb, path, 'currency', `cost_${other}`),
    });
  }
  return sums;
}

async function summed(duckdb: DuckDBConnection, path: string, by: string, column: string): Promise<Micros> {
  const { rows } = {
    rows: await rowsOf(
      duckdb,
      `
    select ${by}, cast(sum(cast(${column} as decimal(38, 6))) * 1000000 as hugeint)
    from read_csv('${path}', header = true, all_varchar = true) group by 1`,
    ),
  };
  return microsBy(
    rows,
    ([name]) => [String(name)],
    ([, micros]) => BigInt(String(micros ?? 0)),
  );
}

async function rowsOf(duckdb: DuckDBConnection, sql: string) {
  return (await duckdb.runAndReadAll(sql)).getRows();
}

/** The sum of an export of records, by currency and team. */
export async function byExport(
  { ledger }: Month,
  format: 'csv' | 'parquet',
  folder: string,
  duckdb: DuckDBConnection,
): Promise<Micros> {
  const path = join(folder, `records.${format}`);
  await writeExport(format, path, readRecords(ledger.read, month), { replace: true });
  const rows = await rowsOf(
    duckdb,
    `select currency, team, sum(cast(cost_micros as hugeint)) from read_${format}('${path}') where currency is not null group by all`,
  );
  return microsBy(
    rows,
    ([currency, team]) => [String(currency), String(team)],
    ([, , micros]) => BigInt(String(micros)),
  );
}

/** The records of a span, one by one. */
export async function recordsOf({ ledger }: Month, span: TimeSpan): Promise<readonly DecisionRecord[]> {
  const records: DecisionRecord[] = [];
  for await (const page of readRecords(ledger.read, span)) records.push(...page);
  return records;
}

/** What a team's budgets of the month were charged, and what they hold, under both of their names. */
export async function byBudgets({ ledger }: Month, team: string) {
  const budgets = createBudgets({ ledger });
  const all = [false, true].flatMap((isEdited) => budgetsOf(team, isEdited));
  const balances = await budgets.balances(
    all.map((budget) => ({ budget, account: '' })),
    month.fromMs,
  );
  const unitOf = ({ budget: { name } }: (typeof balances)[number]) => [
    name.replace(`${team} `, '').replace(', renamed', ''),
  ];
  const charged = new Set(balances.map(({ budget: { name } }) => name));
  const hours = (await spentHours(ledger.read, month)).filter(({ budget }) => charged.has(budget));
  return {
    used: microsBy(balances, unitOf, ({ used }) => used),
    held: microsBy(
      balances,
      ({ budget: { name } }) => [name],
      ({ used, reserved }) => used + reserved,
    ),
    byHour: microsBy(
      hours,
      ({ budget }) => [budget],
      ({ amount }) => amount,
    ),
  };
}

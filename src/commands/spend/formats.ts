import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { formatCount, shareOfSpend } from '../../foundation/pages/formats.ts';
import { type CsvDialect, csvText, decimalCell, PLAIN } from '../../foundation/text/csv.ts';
import { alignColumns, printable } from '../../foundation/text/text-table.ts';
import type { SpendKey, SpendRow } from '../../records/spend/spend-query.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import { decimalOf, formatMoney } from '../../vocabulary/money.ts';

/** Spend, and the question that it answers. */
export interface SpendAnswer {
  readonly by: readonly SpendKey[];
  readonly timeZone: string;
  /** ISO instants; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly spend: readonly SpendRow[];
}

interface Total {
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
}

const NONE = '(none)';
const BAR_WIDTH = 20;

/** For people: aligned columns, each row's share of its currency's total as a bar, and the totals. */
export function spendAsTable({ by, timeZone, from, to, spend }: SpendAnswer): string {
  const title = `Spend by ${by.join(', ')}, ${clock(from, timeZone)} to ${clock(to, timeZone)} (${timeZone})`;
  if (spend.length === 0) return `${title}\nNothing was spent.\n`;
  const totals = totalsOf(spend);
  const head = [...by, 'queries', 'billed', 'slot-h', 'cost', 'share'];
  const rows = spend.map((row) => {
    const total = totals.get(row.currency);
    const share = total === undefined ? 0 : shareOfSpend(row, total);
    return [
      ...row.keys.map((key) => printable(key ?? NONE)),
      formatCount(row.queries, 'en'),
      formatBytes(row.bytesBilled),
      (Number(row.slotMs) / HOUR_MS).toFixed(2),
      formatMoney({ currency: row.currency, micros: row.costMicros }),
      `${(share * 100).toFixed(1).padStart(5)} %  ${'█'.repeat(Math.round(share * BAR_WIDTH))}`,
    ];
  });
  const foot = [...totals.values()].map((total) => [
    'total',
    ...by.slice(1).map(() => ''),
    formatCount(total.queries, 'en'),
    formatBytes(total.bytesBilled),
    '',
    formatMoney({ currency: total.currency, micros: total.costMicros }),
    '',
  ]);
  const note = by.includes('table') ? SHARED_NOTE : '';
  return `${title}\n\n${alignColumns([head, ...rows, ...(by.includes('table') ? [] : foot)], by.length, 'text').join('\n')}\n${note}`;
}

/** An instant as dates are typed for `--from`, with the time of day in a time zone: `2026-11-01 00:00`. */
function clock(instant: string, timeZone: string): string {
  const format = { dateStyle: 'short', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat('sv-SE', format).format(new Date(instant));
}

const SHARED_NOTE =
  '\nA query counts in full for each table that it read, so rows overlap: see `--by team` for the total.\n';

/** For spreadsheets: exact decimals. */
export function spendAsCsv({ by, spend }: Pick<SpendAnswer, 'by' | 'spend'>, dialect = PLAIN): string {
  return csvText(
    csvHead(by),
    spend.map((row) => csvLine(row, dialect)),
    dialect,
  );
}

/** The names of the columns of spend by some keys. */
export function csvHead(by: readonly SpendKey[]): readonly string[] {
  return [...by, 'queries', 'bytes_billed', 'free_bytes', 'slot_ms', 'cost', 'currency'];
}

/** A row of spend in those columns. */
export function csvLine(row: SpendRow, dialect: CsvDialect) {
  return [
    ...row.keys,
    row.queries,
    row.bytesBilled,
    row.freeBytes,
    row.slotMs,
    decimalCell(decimalOf(row.costMicros), dialect),
    row.currency,
  ];
}

/** For programs: amounts as decimal text, since they may exceed what a float holds exactly. */
export function spendAsJson({ by, timeZone, from, to, spend }: SpendAnswer): string {
  const rows = spend.map((row) => ({
    ...Object.fromEntries(by.map((key, i) => [key, row.keys[i] ?? null])),
    currency: row.currency,
    queries: row.queries,
    bytesBilled: String(row.bytesBilled),
    freeBytes: String(row.freeBytes),
    slotMs: String(row.slotMs),
    cost: decimalOf(row.costMicros),
  }));
  return `${JSON.stringify({ by, from, to, timeZone, spend: rows }, null, 2)}\n`;
}

function totalsOf(spend: readonly SpendRow[]): ReadonlyMap<string, Total> {
  const totals = new Map<string, Total>();
  for (const { currency, queries, bytesBilled, costMicros } of spend) {
    const sum = totals.get(currency);
    totals.set(currency, {
      currency,
      queries: queries + (sum?.queries ?? 0),
      bytesBilled: bytesBilled + (sum?.bytesBilled ?? 0n),
      costMicros: costMicros + (sum?.costMicros ?? 0n),
    });
  }
  return totals;
}

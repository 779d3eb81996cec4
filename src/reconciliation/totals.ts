import { compare } from '../lists/compare.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Currency, Micros } from '../vocabulary/money.ts';
import type { Finding, FindingKind, Report } from './report.ts';

/** What both books hold for a span. */
export interface Totals {
  readonly ledgerBytes: Bytes;
  readonly warehouseBytes: Bytes;
  /** Currencies are never added up. */
  readonly costs: readonly {
    readonly currency: Currency;
    readonly ledgerMicros: Micros;
    readonly warehouseMicros: Micros;
  }[];
}

/** What both books hold, over all days and teams. */
export function totalsOf({ rows }: Report): Totals {
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency);
  return {
    ledgerBytes: sum(rows, (row) => row.ledgerBytes),
    warehouseBytes: sum(rows, (row) => row.warehouseBytes),
    costs: [...byCurrency].map(([currency, ofCurrency]) => ({
      currency,
      ledgerMicros: sum(ofCurrency, (row) => row.ledgerMicros),
      warehouseMicros: sum(ofCurrency, (row) => row.warehouseMicros),
    })),
  };
}

/** What findings of one kind come to in both books. */
export interface FindingTotal {
  readonly count: number;
  readonly ledgerBytes: Bytes;
  readonly warehouseBytes: Bytes;
  /** For how many of them the warehouse does not say what they were billed. */
  readonly hidden: number;
}

/** What the findings of a kind come to. */
export function totalOf({ findings }: Report, kind: FindingKind): FindingTotal {
  const ofKind = findings.filter((finding) => finding.kind === kind);
  return {
    count: ofKind.length,
    ledgerBytes: sum(ofKind, ({ ledger }) => ledger.bytesBilled),
    warehouseBytes: sum(ofKind, warehouseBytesOf),
    hidden: ofKind.filter(isHidden).length,
  };
}

/** What one principal's unguarded jobs came to. */
export interface UnguardedTotal {
  readonly principal: string | null;
  readonly team: string;
  readonly jobs: number;
  readonly bytesBilled: Bytes;
  /** For how many of the jobs the warehouse does not say the bytes. */
  readonly hidden: number;
}

/** The most bytes first. */
export function unguardedByPrincipal({ findings }: Report): readonly UnguardedTotal[] {
  const unguarded = findings.filter((finding) => finding.kind === 'unguarded');
  return [...Map.groupBy(unguarded, ({ job }) => job.principal)]
    .map(([principal, ofPrincipal]) => ({
      principal,
      team: ofPrincipal[0]?.team ?? '',
      jobs: ofPrincipal.length,
      bytesBilled: sum(ofPrincipal, warehouseBytesOf),
      hidden: ofPrincipal.filter(isHidden).length,
    }))
    .toSorted((a, b) => compare(b.bytesBilled, a.bytesBilled) || b.jobs - a.jobs);
}

/**
 * How far apart the two books are on a finding, in absolute terms, as far as they say: in micros if only the price is
 * wrong, otherwise in bytes.
 */
export function gapOf(finding: Finding): bigint {
  const { kind, ledger, warehouse } = finding;
  const gap =
    kind === 'mispriced'
      ? (warehouse?.cost.micros ?? 0n) - ledger.cost.micros
      : warehouseBytesOf(finding) - ledger.bytesBilled;
  return gap < 0n ? -gap : gap;
}

function warehouseBytesOf({ warehouse }: Finding): Bytes {
  return warehouse?.bytesBilled ?? 0n;
}

function isHidden({ warehouse }: Finding): boolean {
  return warehouse === null;
}

function sum<T>(items: readonly T[], amountOf: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + amountOf(item), 0n);
}

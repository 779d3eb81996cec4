import { compare } from '../../foundation/lists/compare.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Currency, Micros } from '../../vocabulary/money.ts';
import {
  type Finding,
  type FindingKind,
  type FindingTotal,
  findingKinds,
  type Report,
  type UnguardedTotal,
} from './report.ts';

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

/** What findings come to, by kind. */
export function totalsByKind(findings: readonly Finding[]): Report['totals'] {
  const byKind = Map.groupBy(findings, ({ kind }) => kind);
  return totalsFor((kind) => {
    const ofKind = byKind.get(kind) ?? [];
    return {
      count: ofKind.length,
      ledgerBytes: sum(ofKind, ({ ledger }) => ledger.bytesBilled),
      warehouseBytes: sum(ofKind, warehouseBytesOf),
      hidden: ofKind.filter(isHidden).length,
    };
  });
}

/** The sums of several reports' totals by kind. */
export function sumTotals(all: readonly Report['totals'][]): Report['totals'] {
  return totalsFor((kind) =>
    all.reduce<FindingTotal>(
      (before, { [kind]: total }) => ({
        count: before.count + total.count,
        ledgerBytes: before.ledgerBytes + total.ledgerBytes,
        warehouseBytes: before.warehouseBytes + total.warehouseBytes,
        hidden: before.hidden + total.hidden,
      }),
      { count: 0, ledgerBytes: 0n, warehouseBytes: 0n, hidden: 0 },
    ),
  );
}

function totalsFor(totalOf: (kind: FindingKind) => FindingTotal): Report['totals'] {
  // Object.fromEntries does not know that every kind is among its keys.
  return Object.fromEntries(findingKinds.map((kind) => [kind, totalOf(kind)])) as Report['totals'];
}

/** What each unguarded job among some findings comes to. */
export function unguardedAmong(findings: readonly Finding[]): readonly UnguardedTotal[] {
  return findings.flatMap((finding) =>
    finding.kind === 'unguarded'
      ? [
          {
            principal: finding.job.principal,
            team: finding.team,
            jobs: 1,
            bytesBilled: warehouseBytesOf(finding),
            hidden: isHidden(finding) ? 1 : 0,
          },
        ]
      : [],
  );
}

/** One for each principal, the most bytes first. */
export function sumByPrincipal(totals: readonly UnguardedTotal[]): readonly UnguardedTotal[] {
  return [...Map.groupBy(totals, ({ principal }) => principal)]
    .map(([principal, ofPrincipal]) => ({
      principal,
      team: ofPrincipal[0]?.team ?? '',
      jobs: ofPrincipal.reduce((all, { jobs }) => all + jobs, 0),
      bytesBilled: sum(ofPrincipal, ({ bytesBilled }) => bytesBilled),
      hidden: ofPrincipal.reduce((all, { hidden }) => all + hidden, 0),
    }))
    .toSorted(
      (a, b) =>
        compare(b.bytesBilled, a.bytesBilled) ||
        b.jobs - a.jobs ||
        compare(a.principal ?? '', b.principal ?? ''),
    );
}

/** The findings of each kind on which the books are furthest apart, the earlier of two that are equally far. */
export function largestOfEachKind(findings: readonly Finding[], most: number): readonly Finding[] {
  if (findings.length <= most) return findings;
  const largest = [...Map.groupBy(findings, ({ kind }) => kind).values()].flatMap((ofKind) =>
    ofKind.toSorted((a, b) => compare(gapOf(b), gapOf(a))).slice(0, most),
  );
  const kept = new Set(largest);
  return findings.filter((finding) => kept.has(finding));
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

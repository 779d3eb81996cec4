import type { Kpi } from '../../vocabulary/kpi.ts';
import type { CardAudit, DuplicateGroup } from './report.ts';
import { byCostDescending, sumCosts } from './run-cost.ts';

/** A card, with what distinguishes it from others. */
export interface Comparable {
  readonly audit: CardAudit;
  readonly kpi: Kpi | null;
}

/** Groups of cards that ask the same, and of cards that measure the same in other words; most expensive first. */
export function duplicatesAmong(cards: readonly Comparable[]): readonly DuplicateGroup[] {
  const sameQuery = groupsBy(cards, ({ audit }) => audit.fingerprint).map((group) => groupOf('query', group));
  const sameKpi = groupsBy(cards, ({ kpi }) => (kpi === null ? null : JSON.stringify(kpi)))
    .filter((group) => new Set(group.map(({ audit }) => audit.fingerprint)).size > 1)
    .map((group) => groupOf('KPI', group));
  return [...sameQuery, ...sameKpi].toSorted((a, b) => byCostDescending(a.perMonth, b.perMonth));
}

function groupsBy(
  cards: readonly Comparable[],
  key: (card: Comparable) => string | null,
): readonly (readonly Comparable[])[] {
  const keyed = cards.filter((card) => key(card) !== null);
  return [...Map.groupBy(keyed, key).values()].filter((group) => group.length > 1);
}

function groupOf(same: DuplicateGroup['same'], group: readonly Comparable[]): DuplicateGroup {
  const audits = group.map(({ audit }) => audit).toSorted((a, b) => byCostDescending(a.perMonth, b.perMonth));
  return {
    same,
    measures: measuresOf(group[0]?.kpi ?? null),
    cards: audits.map(({ id }) => id),
    perMonth: sumCosts(audits.map(({ perMonth }) => perMonth)),
  };
}

function measuresOf(kpi: Kpi | null): string | null {
  if (kpi === null) return null;
  const by = kpi.grouping.length === 0 ? '' : ` BY ${kpi.grouping.join(', ')}`;
  return `${kpi.aggregates.join(', ')}${by} FROM ${kpi.tables.join(', ')}`;
}

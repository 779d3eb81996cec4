import type { Currency } from '../../vocabulary/money.ts';
import type { Appraise } from './appraisal.ts';
import {
  type AppraisedCard,
  appraiseCard,
  cardAudit,
  legacyUsesOf,
  openedAppraisal,
  openedCost,
  worstCost,
} from './card-audits.ts';
import { duplicatesAmong } from './duplicates.ts';
import type { Dashboard, ExportContents } from './export-contents.ts';
import { cachePolicyOf, runsPerMonth, type ViewingHabits, viewsOf } from './refresh.ts';
import type { AuditReport, CardAudit, DashboardAudit, LegacyTable, PlacedCardAudit } from './report.ts';
import { byCostDescending, multiplyCost, sumCosts, ZERO_COST } from './run-cost.ts';
import type { ShownCard } from './shown-cards.ts';

/** What an audit needs, besides the contents of an export and their prices. */
export interface AuditFrame {
  readonly madeAtMs: number;
  readonly source: string;
  readonly projectId: string;
  readonly team: string;
  readonly principal: string | null;
  readonly currency: Currency;
  readonly usage: ViewingHabits;
}

/** The report of an export, once all of its SQL can be appraised. */
export function auditOf(
  contents: ExportContents,
  shown: readonly ShownCard[],
  appraise: Appraise,
  frame: AuditFrame,
): AuditReport {
  const appraisedCards = shown.map((each) => appraiseCard(each, appraise));
  const dashboards = dashboardAudits(contents.dashboards, appraisedCards, frame.usage);
  const cards = auditedCards(appraisedCards, dashboards);
  const audits = cards.map(({ audit }) => audit);
  return {
    ...frame,
    form: contents.form,
    total: totalsOf(dashboards, audits),
    dashboards,
    cards: audits,
    legacyTables: legacyTables(cards),
    duplicates: duplicatesAmong(
      cards.map(({ standalone, audit }) => ({ audit, kpi: openedAppraisal(standalone)?.kpi ?? null })),
    ),
    notUnderstood: contents.notUnderstood,
  };
}

interface AuditedCard {
  readonly standalone: AppraisedCard;
  /** On its own, and wherever it is placed. */
  readonly appearances: readonly AppraisedCard[];
  readonly audit: CardAudit;
}

function auditedCards(
  appraisedCards: readonly AppraisedCard[],
  dashboards: readonly DashboardAudit[],
): readonly AuditedCard[] {
  const costs = Map.groupBy(
    dashboards.flatMap(({ cards }) => cards),
    ({ card }) => card,
  );
  /** Per month, over all dashboards. */
  const monthlyCost = (id: string) => sumCosts((costs.get(id) ?? []).map(({ perMonth }) => perMonth));
  return [...Map.groupBy(appraisedCards, ({ card }) => card.id)]
    .flatMap(([id, appearances]): AuditedCard[] => {
      const standalone = appearances.find(({ dashboard }) => dashboard === null);
      if (standalone === undefined) return [];
      const onDashboards = appearances.filter(({ dashboard }) => dashboard !== null);
      return [{ standalone, appearances, audit: cardAudit(standalone, onDashboards, monthlyCost(id)) }];
    })
    .toSorted(
      ({ audit: a }, { audit: b }) =>
        byCostDescending(a.perMonth, b.perMonth) || byCostDescending(a.perRun, b.perRun),
    );
}

function dashboardAudits(
  dashboards: readonly Dashboard[],
  appraisedCards: readonly AppraisedCard[],
  usage: ViewingHabits,
): readonly DashboardAudit[] {
  const placed = Map.groupBy(appraisedCards, ({ dashboard }) => dashboard);
  return dashboards
    .map((dashboard) => dashboardAudit(dashboard, placed.get(dashboard) ?? [], usage))
    .toSorted((a, b) => byCostDescending(a.perMonth, b.perMonth));
}

function dashboardAudit(
  dashboard: Dashboard,
  placedCards: readonly AppraisedCard[],
  usage: ViewingHabits,
): DashboardAudit {
  const rate = viewsOf(dashboard, usage);
  const cards = placedCards.map((each): PlacedCardAudit => {
    const runs = runsPerMonth(rate, cachePolicyOf(each.card, dashboard), usage);
    const perRun = openedCost(each);
    const worst = worstCost(each);
    return {
      card: each.card.id,
      runsPerMonth: runs,
      perRun,
      worstPerRun: worst === null ? null : { bytesBilled: worst.bytesBilled, micros: worst.micros },
      perMonth: multiplyCost(perRun, runs),
    };
  });
  return {
    id: dashboard.id,
    name: dashboard.name,
    collection: dashboard.collection,
    rate,
    perView: sumCosts(cards.map(({ perRun }) => perRun)),
    worstPerView: sumCosts(cards.map(({ worstPerRun }) => worstPerRun)),
    perMonth: sumCosts(cards.map(({ perMonth }) => perMonth)),
    cards: cards.toSorted((a, b) => byCostDescending(a.perMonth, b.perMonth)),
  };
}

function totalsOf(dashboards: readonly DashboardAudit[], cards: readonly CardAudit[]): AuditReport['total'] {
  const month = sumCosts(dashboards.map(({ perMonth }) => perMonth));
  return {
    dashboards: dashboards.length,
    cards: cards.length,
    priced: cards.filter(({ state }) => state === 'priced').length,
    monthMicros: month.micros,
    monthBytes: month.bytesBilled,
    refusedCards: cards.filter(isRefused).length,
  };
}

/** Whether a rule would refuse the card when it is opened. */
function isRefused({ rules }: CardAudit): boolean {
  return rules.some(({ mode, settings }) => mode === 'deny' && settings.includes('opened'));
}

function legacyTables(cards: readonly AuditedCard[]): readonly LegacyTable[] {
  const uses = cards.flatMap(({ audit, appearances }) =>
    legacyUsesOf(appearances).map((use) => ({ use, audit })),
  );
  return [...Map.groupBy(uses, ({ use }) => use.table)]
    .map(([table, tableUses]): LegacyTable => {
      const readers = [...new Set(tableUses.map(({ audit }) => audit))];
      return {
        table,
        replacement: tableUses[0]?.use.replacement ?? null,
        owner: tableUses[0]?.use.owner ?? null,
        cards: readers.map(({ id }) => id),
        dashboards: [...new Set(readers.flatMap(({ dashboards }) => dashboards))],
        perMonth: readers.length === 0 ? ZERO_COST : sumCosts(readers.map(({ perMonth }) => perMonth)),
      };
    })
    .toSorted((a, b) => byCostDescending(a.perMonth, b.perMonth) || b.cards.length - a.cards.length);
}

import type { Currency } from '../vocabulary/money.ts';
import type { Appraise } from './appraisal.ts';
import {
  type AppraisedCard,
  appraised,
  cardAudit,
  legacyUsesOf,
  openedCost,
  worstCost,
} from './card-audits.ts';
import { duplicatesAmong } from './duplicates.ts';
import type { Dashboard, Landscape } from './landscape.ts';
import { runsPerMonth, type ViewingHabits, viewsOf } from './refresh.ts';
import type {
  AuditReport,
  CardAudit,
  DashboardAudit,
  LegacyTable,
  PlacedCardAudit,
  RunCost,
} from './report.ts';
import { dearestFirst, NOTHING, sum, times } from './run-cost.ts';
import type { Shown } from './shown-cards.ts';

/** What an audit needs, besides the landscape and its prices. */
export interface AuditFrame {
  readonly madeAtMs: number;
  readonly source: string;
  readonly projectId: string;
  readonly team: string;
  readonly currency: Currency;
  readonly usage: ViewingHabits;
}

/** The report of a landscape, once all of its SQL can be appraised. */
export function auditOf(
  landscape: Landscape,
  shown: readonly Shown[],
  appraise: Appraise,
  frame: AuditFrame,
): AuditReport {
  const known = shown.map((each) => appraised(each, appraise));
  const dashboards = dashboardAudits(landscape.dashboards, known, frame.usage);
  const cards = auditedCards(known, dashboards);
  const audits = cards.map(({ audit }) => audit);
  return {
    ...frame,
    form: landscape.form,
    total: totalsOf(dashboards, audits),
    dashboards,
    cards: audits,
    legacyTables: legacyTables(cards),
    duplicates: duplicatesAmong(cards.map(({ itself, audit }) => ({ audit, kpi: openedKpi(itself) }))),
    notUnderstood: landscape.notUnderstood,
  };
}

interface AuditedCard {
  readonly itself: AppraisedCard;
  /** On its own, and wherever it is placed. */
  readonly ofCard: readonly AppraisedCard[];
  readonly audit: CardAudit;
}

function auditedCards(
  known: readonly AppraisedCard[],
  dashboards: readonly DashboardAudit[],
): readonly AuditedCard[] {
  return [...Map.groupBy(known, ({ card }) => card.id)]
    .flatMap(([id, ofCard]): AuditedCard[] => {
      const itself = ofCard.find(({ dashboard }) => dashboard === null);
      if (itself === undefined) return [];
      const placed = ofCard.filter(({ dashboard }) => dashboard !== null);
      return [{ itself, ofCard, audit: cardAudit(itself, placed, monthOf(id, dashboards)) }];
    })
    .toSorted(
      ({ audit: a }, { audit: b }) =>
        dearestFirst(a.perMonth, b.perMonth) || dearestFirst(a.perRun, b.perRun),
    );
}

/** What a card costs per month over all dashboards. */
function monthOf(id: string, dashboards: readonly DashboardAudit[]): RunCost {
  const placed = dashboards.flatMap(({ cards }) => cards.filter(({ card }) => card === id));
  return sum(placed.map(({ perMonth }) => perMonth));
}

function dashboardAudits(
  dashboards: readonly Dashboard[],
  known: readonly AppraisedCard[],
  usage: ViewingHabits,
): readonly DashboardAudit[] {
  return dashboards
    .map((dashboard) => {
      const placed = known.filter((each) => each.dashboard === dashboard);
      return dashboardAudit(dashboard, placed, usage);
    })
    .toSorted((a, b) => dearestFirst(a.perMonth, b.perMonth));
}

function dashboardAudit(
  dashboard: Dashboard,
  known: readonly AppraisedCard[],
  usage: ViewingHabits,
): DashboardAudit {
  const rate = viewsOf(dashboard, usage);
  const cards = known.map((each): PlacedCardAudit => {
    const runs = runsPerMonth(rate, { card: each.card.cache, dashboard: dashboard.cache }, usage);
    const perRun = openedCost(each);
    const worst = worstCost(each);
    return {
      card: each.card.id,
      runsPerMonth: runs,
      perRun,
      worstPerRun: worst === null ? null : { bytesBilled: worst.bytesBilled, micros: worst.micros },
      perMonth: times(perRun, runs),
    };
  });
  return {
    id: dashboard.id,
    name: dashboard.name,
    collection: dashboard.collection,
    rate,
    perView: sum(cards.map(({ perRun }) => perRun)),
    worstPerView: sum(cards.map(({ worstPerRun }) => worstPerRun)),
    perMonth: sum(cards.map(({ perMonth }) => perMonth)),
    cards: cards.toSorted((a, b) => dearestFirst(a.perMonth, b.perMonth)),
  };
}

function totalsOf(dashboards: readonly DashboardAudit[], cards: readonly CardAudit[]): AuditReport['total'] {
  const month = sum(dashboards.map(({ perMonth }) => perMonth));
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
  const uses = cards.flatMap(({ audit, ofCard }) => legacyUsesOf(ofCard).map((use) => ({ use, audit })));
  return [...Map.groupBy(uses, ({ use }) => use.table)]
    .map(([table, ofTable]): LegacyTable => {
      const readers = [...new Set(ofTable.map(({ audit }) => audit))];
      return {
        table,
        replacement: ofTable[0]?.use.replacement ?? null,
        owner: ofTable[0]?.use.owner ?? null,
        cards: readers.map(({ id }) => id),
        dashboards: [...new Set(readers.flatMap(({ dashboards }) => dashboards))],
        perMonth: readers.length === 0 ? NOTHING : sum(readers.map(({ perMonth }) => perMonth)),
      };
    })
    .toSorted((a, b) => dearestFirst(a.perMonth, b.perMonth) || b.cards.length - a.cards.length);
}

function openedKpi({ settings }: AppraisedCard) {
  return settings.find(({ setting }) => setting === 'opened')?.appraisal.kpi ?? null;
}

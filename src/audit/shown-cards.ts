import type { Card, Dashboard, Landscape } from './landscape.ts';
import { type FilterSetting, filterSettings, type Resolved, resolveCard } from './template/resolve.ts';

/** A card in one place where it is shown, with the SQL for each setting of its filters there. */
export interface Shown {
  readonly card: Card;
  /** Null if it is opened on its own. */
  readonly dashboard: Dashboard | null;
  /** Empty for cards without SQL. */
  readonly bySetting: ReadonlyMap<FilterSetting, Resolved>;
}

/**
 * Every card on its own, and in each of its places on a dashboard. Cards that a dashboard names but that do not exist
 * are reported elsewhere.
 */
export function shownCards({ cards, dashboards, ...rest }: Landscape, today: string): readonly Shown[] {
  const landscape = { cards, dashboards, ...rest };
  const shown = (card: Card, dashboard: Dashboard | null, given: ReadonlyMap<string, unknown>): Shown => ({
    card,
    dashboard,
    bySetting: new Map(
      card.query.kind === 'sql'
        ? filterSettings.map((filters) => [filters, resolveCard(card, landscape, { filters, given, today })])
        : [],
    ),
  });
  return [
    ...[...cards.values()].map((card) => shown(card, null, new Map())),
    ...dashboards.flatMap((dashboard) =>
      dashboard.cards.flatMap(({ cardId, given }) => {
        const card = cards.get(cardId);
        return card === undefined ? [] : [shown(card, dashboard, given)];
      }),
    ),
  ];
}

/** Every distinct SQL text that needs a price. */
export function sqlOfAll(shown: readonly Shown[]): readonly string[] {
  const texts = shown.flatMap(({ bySetting }) =>
    [...bySetting.values()].flatMap((one) => (one.ok ? [one.sql] : [])),
  );
  return [...new Set(texts)];
}

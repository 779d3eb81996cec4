import type { Card, Dashboard, ExportContents } from './export-contents.ts';
import { type FilterSetting, filterSettings, type ResolvedSql, resolveCard } from './template/resolve.ts';

/** A card in one place where it is shown, with the SQL for each setting of its filters there. */
export interface ShownCard {
  readonly card: Card;
  /** Null if it is opened on its own. */
  readonly dashboard: Dashboard | null;
  /** Empty for cards without SQL. */
  readonly bySetting: ReadonlyMap<FilterSetting, ResolvedSql>;
}

/**
 * Every card on its own, and in each of its places on a dashboard. Cards that a dashboard names but that do not exist
 * are reported elsewhere.
 */
export function shownCards(contents: ExportContents, today: string): readonly ShownCard[] {
  const { cards, dashboards } = contents;
  const shownCard = (
    card: Card,
    dashboard: Dashboard | null,
    filterValues: ReadonlyMap<string, unknown>,
  ): ShownCard => ({
    card,
    dashboard,
    bySetting: new Map(
      card.query.kind === 'sql'
        ? filterSettings.map((filters) => [
            filters,
            resolveCard(card, contents, { filters, filterValues, today }),
          ])
        : [],
    ),
  });
  return [
    ...[...cards.values()].map((card) => shownCard(card, null, new Map())),
    ...dashboards.flatMap((dashboard) =>
      dashboard.cards.flatMap(({ cardId, filterValues }) => {
        const card = cards.get(cardId);
        return card === undefined ? [] : [shownCard(card, dashboard, filterValues)];
      }),
    ),
  ];
}

/** Every distinct SQL text that needs a price. */
export function distinctSql(shown: readonly ShownCard[]): readonly string[] {
  const texts = shown.flatMap(({ bySetting }) =>
    [...bySetting.values()].flatMap((resolved) => (resolved.ok ? [resolved.sql] : [])),
  );
  return [...new Set(texts)];
}

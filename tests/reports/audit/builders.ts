import type { Card, ExportContents, TemplateTag } from '../../../src/reports/audit/export-contents.ts';
import { type FilterSetting, resolveCard } from '../../../src/reports/audit/template/resolve.ts';

export const today = '2026-11-24';

export function tag(name: string, changes: Partial<TemplateTag> = {}): TemplateTag {
  return {
    name,
    type: 'text',
    defaultValue: null,
    required: false,
    cardId: null,
    snippetName: null,
    column: null,
    widgetType: null,
    alias: null,
    table: null,
    ...changes,
  };
}

/** A field filter on the day a ticket was opened. */
export function dateFilter(name: string, changes: Partial<TemplateTag> = {}): TemplateTag {
  const column = { table: 'atendimento.tickets', name: 'created_at', baseType: null };
  return tag(name, { type: 'dimension', widgetType: 'date/all-options', column, ...changes });
}

export function card(id: string, template: string, tags: readonly TemplateTag[] = []): Card {
  return {
    id,
    name: `card ${id}`,
    collection: null,
    query: { kind: 'sql', template, tags: new Map(tags.map((each) => [each.name, each])) },
    cache: null,
    inheritedCache: null,
  };
}

export function exportContents(
  cards: readonly Card[],
  changes: Partial<ExportContents> = {},
): ExportContents {
  return {
    form: 'api',
    dashboards: [],
    cards: new Map(cards.map((each) => [each.id, each])),
    snippets: new Map(),
    notUnderstood: [],
    ...changes,
  };
}

/** What the template of the first of some cards resolves to. */
export function resolved(
  cards: readonly [Card, ...Card[]],
  filters: FilterSetting = 'opened',
  {
    filterValues = new Map(),
    snippets = new Map(),
  }: { filterValues?: ReadonlyMap<string, unknown>; snippets?: ReadonlyMap<string, string> } = {},
) {
  return resolveCard(cards[0], exportContents(cards, { snippets }), { filters, filterValues, today });
}

export function sqlOf(...asked: Parameters<typeof resolved>): string {
  const one = resolved(...asked);
  if (!one.ok) throw new Error(one.why);
  return one.sql;
}

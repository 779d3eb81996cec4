import { DAY_MS } from '../../../foundation/calendar/durations.ts';
import type {
  CachePolicy,
  Dashboard,
  ExportContents,
  ExportFile,
  NotUnderstood,
  PlacedCard,
} from '../export-contents.ts';
import { type ApiCache, type ApiDashboard, type ApiTable, answersIn, isQuestion } from './api-answers.ts';
import { policyOf, policyOfTtl } from './cache-policy.ts';
import { cardsIn } from './cards.ts';
import { type EntityNames, fieldClause, filterValuesFor } from './entities.ts';

/**
 * Reads answers of Metabase's API, one per file: `GET /api/card` (a list) and `/api/card/:id`, `GET
 * /api/dashboard/:id`, and if present `GET /api/cache`, `GET /api/native-query-snippet` and `GET
 * /api/database/:id/metadata`.
 * @param nowMs until when a dashboard's views are counted
 * @throws ExportRejected if they are of another version
 */
export function readApiExport(files: readonly ExportFile[], nowMs: number): ExportContents {
  const answers = answersIn(files);
  const caches = cachePolicies(answers.caches);
  const { cards, notUnderstood } = cardsIn(answers.cards, namesIn(answers.tables), {
    id: ({ id }) => id,
    parts: ({ id, collection, cache_ttl, database_id }, earlier) => ({
      collection: collection?.name ?? earlier?.collection ?? null,
      cache: caches.get(`question ${id}`) ?? policyOfTtl(cache_ttl),
      inheritedCache: caches.get(`database ${database_id}`) ?? caches.get('root 0') ?? null,
    }),
  });
  return {
    form: 'api',
    cards,
    dashboards: answers.dashboards.flatMap(({ value }) =>
      value.archived ? [] : [dashboardFrom(value, caches, nowMs)],
    ),
    snippets: new Map(answers.snippets.map(({ value }) => [value.name, value.content])),
    notUnderstood: [...answers.others.map(unknownAnswer), ...notUnderstood],
  };
}

function unknownAnswer(file: string): NotUnderstood {
  const why =
    'expected an answer of GET /api/card, /api/card/:id, /api/dashboard/:id, /api/cache, /api/native-query-snippet or /api/database/:id/metadata';
  return { file, why };
}

/** By what they apply to, such as `question 7`. */
type CachePolicies = ReadonlyMap<string, CachePolicy>;

function cachePolicies(caches: readonly ApiCache[]): CachePolicies {
  return new Map(caches.map(({ model, model_id, strategy }) => [`${model} ${model_id}`, policyOf(strategy)]));
}

function dashboardFrom(dashboard: ApiDashboard, caches: CachePolicies, nowMs: number): Dashboard {
  return {
    id: dashboard.id,
    name: dashboard.name,
    collection: dashboard.collection?.name ?? null,
    cache: caches.get(`dashboard ${dashboard.id}`) ?? policyOfTtl(dashboard.cache_ttl),
    viewsPerDay: viewsPerDay(dashboard, nowMs),
    cards: dashboard.dashcards.flatMap((place) => placedCards(place, dashboard.parameters)),
  };
}

function placedCards(
  { card_id, card, series, parameter_mappings }: ApiDashboard['dashcards'][number],
  parameters: ApiDashboard['parameters'],
): readonly PlacedCard[] {
  const shown = [
    isQuestion(card) ? (card_id ?? card.id) : null,
    ...(series ?? []).filter(isQuestion).map(({ id }) => id),
  ];
  return shown.flatMap((cardId) =>
    cardId === null
      ? []
      : [{ cardId, filterValues: filterValuesFor(cardId, parameter_mappings, parameters) }],
  );
}

/** Views per day since it was created; less than a day says nothing yet. */
function viewsPerDay({ view_count, created_at }: ApiDashboard, nowMs: number): number | null {
  if (typeof view_count !== 'number' || typeof created_at !== 'string') return null;
  const days = (nowMs - Date.parse(created_at)) / DAY_MS;
  return days < 1 ? null : view_count / days;
}

function namesIn(tables: readonly ApiTable[]): EntityNames {
  const qualifiedName = (schema: string | null | undefined, name: string) =>
    schema ? `${schema}.${name}` : name;
  const byNumber = new Map(tables.map(({ id, schema, name }) => [id, qualifiedName(schema, name)]));
  const columns = new Map(
    tables.flatMap(({ schema, name: table, fields }) =>
      (fields ?? []).map(
        ({ id, name, base_type }) =>
          [id, { table: qualifiedName(schema, table), name, baseType: base_type ?? null }] as const,
      ),
    ),
  );
  return {
    table: (reference) => (typeof reference === 'number' ? (byNumber.get(reference) ?? null) : null),
    column(reference) {
      const field = fieldClause.safeParse(reference).data;
      return typeof field?.column === 'number' ? (columns.get(field.column) ?? null) : null;
    },
  };
}

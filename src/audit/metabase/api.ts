import { z } from 'zod';
import { errorMessage } from '../../vocabulary/error-message.ts';
import {
  type CachePolicy,
  type Card,
  type Dashboard,
  type ExportFile,
  ExportRejected,
  type Landscape,
  type NotUnderstood,
} from '../landscape.ts';
import { cacheAnswer, policyOf, policyOfTtl } from './cache-policy.ts';
import {
  cardQuery,
  dashboardParts,
  fieldClause,
  givenTo,
  identifier,
  type Names,
  parameterMappings,
  QUERY_FORMS,
} from './entities.ts';
import { parsedOr } from './rejected.ts';

const DAY_MS = 86_400_000;

const card = z.object({
  id: identifier,
  name: z.string(),
  collection_id: identifier.nullish(),
  collection: z.object({ name: z.string() }).nullish(),
  archived: z.boolean().nullish(),
  dataset_query: z.unknown().optional(),
  cache_ttl: z.number().nullish(),
});

/** A text, a heading or a link on a dashboard comes as a card without a query, or without a number. */
const placed = z.looseObject({ id: identifier.nullish() });

const dashboard = z.object({
  ...dashboardParts,
  id: identifier,
  collection: z.object({ name: z.string() }).nullish(),
  cache_ttl: z.number().nullish(),
  view_count: z.number().nullish(),
  created_at: z.iso.datetime({ offset: true }).nullish(),
  dashcards: z.array(
    z.object({
      card_id: identifier.nullish(),
      card: placed.nullish(),
      parameter_mappings: parameterMappings,
      series: z.array(placed).nullish(),
    }),
    'expected "dashcards", as GET /api/dashboard/:id answers since Metabase 48',
  ),
});

const snippet = z.object({ name: z.string(), content: z.string() });

/** The answer of `GET /api/database/:id/metadata`: what numbers of tables and fields stand for. */
const metadata = z.object({
  tables: z.array(
    z.object({
      id: z.number(),
      schema: z.string().nullish(),
      name: z.string(),
      fields: z
        .array(z.object({ id: z.number(), name: z.string(), base_type: z.string().nullish() }))
        .nullish(),
    }),
  ),
});

type Answer = { readonly file: string; readonly body: unknown };

/**
 * Reads answers of Metabase's API, a file each: `GET /api/card` (a list) and `/api/card/:id`, `GET /api/dashboard/:id`,
 * and where they are there `GET /api/cache`, `GET /api/native-query-snippet` and `GET /api/database/:id/metadata`.
 * @param nowMs up to when a dashboard's views are counted
 * @throws ExportRejected where they are of another version
 */
export function landscapeOfApi(files: readonly ExportFile[], nowMs: number): Landscape {
  const answers = files.flatMap(answersIn);
  const kinds = Map.groupBy(answers, kindOf);
  const of = <T>(kind: Exclude<Kind, null>, schema: z.ZodType<T>) =>
    (kinds.get(kind) ?? []).map((answer) => ({
      file: answer.file,
      value: parsedOr(schema, answer.body, { file: answer.file, what: kind, version: null }),
    }));
  const caches = cachePolicies(of('cache policy', cacheAnswer).flatMap(({ value }) => value.data));
  const dashboards = of('dashboard', dashboard);
  const names = namesIn(of('metadata', metadata).flatMap(({ value }) => value.tables));
  const notUnderstood: NotUnderstood[] = (kinds.get(null) ?? []).map(({ file }) => ({
    file,
    why: 'expected an answer of GET /api/card, /api/card/:id, /api/dashboard/:id, /api/cache, /api/native-query-snippet or /api/database/:id/metadata',
  }));

  const onDashboards = dashboards.flatMap(({ file, value }) =>
    value.dashcards.flatMap(({ card: one, series }) =>
      [one, ...(series ?? [])]
        .filter(isQuestion)
        .map((body) => ({ file, value: parsedOr(card, body, { file, what: 'card', version: null }) })),
    ),
  );
  const cards = new Map<string, Card>();
  // A card's own answer tells more than its copy on a dashboard, and so comes last.
  for (const { file, value } of [...onDashboards, ...of('card', card)]) {
    if (value.archived) continue;
    const query = cardQuery(value.dataset_query, names);
    if (query === null) {
      notUnderstood.push({ file, why: `card "${value.name}": expected ${QUERY_FORMS}` });
      continue;
    }
    cards.set(value.id, {
      id: value.id,
      name: value.name,
      collection: value.collection?.name ?? cards.get(value.id)?.collection ?? null,
      query,
      cache: caches.get(`question ${value.id}`) ?? policyOfTtl(value.cache_ttl),
    });
  }
  return {
    form: 'api',
    cards,
    dashboards: dashboards.flatMap(({ value }) =>
      value.archived ? [] : [dashboardFrom(value, caches, nowMs)],
    ),
    snippets: new Map(of('snippet', snippet).map(({ value }) => [value.name, value.content])),
    notUnderstood,
  };
}

function dashboardFrom(
  found: z.infer<typeof dashboard>,
  caches: ReadonlyMap<string, CachePolicy>,
  nowMs: number,
): Dashboard {
  return {
    id: found.id,
    name: found.name,
    collection: found.collection?.name ?? null,
    cache: caches.get(`dashboard ${found.id}`) ?? policyOfTtl(found.cache_ttl),
    viewsPerDay: viewsPerDay(found, nowMs),
    cards: found.dashcards.flatMap(({ card_id, card: one, series, parameter_mappings }) => {
      const shown = [
        isQuestion(one) ? (card_id ?? one?.id) : null,
        ...(series ?? []).filter(isQuestion).map(({ id }) => id),
      ];
      return shown.flatMap((cardId) =>
        typeof cardId === 'string'
          ? [{ cardId, given: givenTo(cardId, parameter_mappings, found.parameters) }]
          : [],
      );
    }),
  };
}

/** Views since it was made; one of less than a day ago tells nothing yet. */
function viewsPerDay({ view_count, created_at }: z.infer<typeof dashboard>, nowMs: number): number | null {
  if (typeof view_count !== 'number' || typeof created_at !== 'string') return null;
  const days = (nowMs - Date.parse(created_at)) / DAY_MS;
  return days < 1 ? null : view_count / days;
}

function isQuestion(
  one: z.infer<typeof placed> | null | undefined,
): one is z.infer<typeof placed> & { id: string } {
  return typeof one?.id === 'string' && one['dataset_query'] !== undefined && one['dataset_query'] !== null;
}

type Kind = 'card' | 'dashboard' | 'cache policy' | 'snippet' | 'metadata' | null;

/** By what only this kind has: the answers do not say of what kind they are. */
function kindOf({ body }: Answer): Kind {
  if (typeof body !== 'object' || body === null) return null;
  if ('dashcards' in body || 'ordered_cards' in body) return 'dashboard';
  if ('dataset_query' in body) return 'card';
  if ('tables' in body) return 'metadata';
  if ('content' in body && 'name' in body) return 'snippet';
  return 'data' in body ? 'cache policy' : null;
}

function answersIn({ path: file, text }: ExportFile): readonly Answer[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ExportRejected(`${file} is no JSON: ${errorMessage(error)}`);
  }
  return Array.isArray(body) ? body.map((one: unknown) => ({ file, body: one })) : [{ file, body }];
}

function cachePolicies(found: z.infer<typeof cacheAnswer>['data']): ReadonlyMap<string, CachePolicy> {
  return new Map(found.map(({ model, model_id, strategy }) => [`${model} ${model_id}`, policyOf(strategy)]));
}

function namesIn(tables: z.infer<typeof metadata>['tables']): Names {
  const named = (schema: string | null | undefined, name: string) => (schema ? `${schema}.${name}` : name);
  const byNumber = new Map(tables.map(({ id, schema, name }) => [id, named(schema, name)]));
  const columns = new Map(
    tables.flatMap(({ schema, name: table, fields }) =>
      (fields ?? []).map(
        ({ id, name, base_type }) =>
          [id, { table: named(schema, table), name, baseType: base_type ?? null }] as const,
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

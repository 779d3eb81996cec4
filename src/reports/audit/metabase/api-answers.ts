import { z } from 'zod';
import { errorMessage } from '../../../foundation/text/error-message.ts';
import { type ExportFile, ExportRejected } from '../export-contents.ts';
import { cacheAnswer } from './cache-policy.ts';
import { dashboardParts, identifier, parameterMappings } from './entities.ts';
import { type FromFile, parseOrReject } from './parse-or-reject.ts';

const card = z.object({
  id: identifier,
  name: z.string(),
  collection_id: identifier.nullish(),
  collection: z.object({ name: z.string() }).nullish(),
  archived: z.boolean().nullish(),
  database_id: z.number().nullish(),
  dataset_query: z.unknown().optional(),
  cache_ttl: z.number().nullish(),
});

/** A text, a heading or a link on a dashboard appears as a card without a query, or without a number. */
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

/** The answer of `GET /api/database/:id/metadata`: what the numbers of tables and fields stand for. */
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

type ApiCard = z.infer<typeof card>;
export type ApiDashboard = z.infer<typeof dashboard>;
export type ApiTable = z.infer<typeof metadata>['tables'][number];
export type ApiCache = z.infer<typeof cacheAnswer>['data'][number];
type Placed = z.infer<typeof placed>;

/** The answers in an export, by kind. */
export interface Answers {
  /** A card's own answer says more than its copy on a dashboard, and so comes after it. */
  readonly cards: readonly FromFile<ApiCard>[];
  readonly dashboards: readonly FromFile<ApiDashboard>[];
  readonly snippets: readonly FromFile<z.infer<typeof snippet>>[];
  readonly tables: readonly ApiTable[];
  readonly caches: readonly ApiCache[];
  /** Files with none of these answers. */
  readonly others: readonly string[];
}

/** @throws ExportRejected if a file is not JSON, or an answer is of another version */
export function answersIn(files: readonly ExportFile[]): Answers {
  const byKind = Map.groupBy(files.flatMap(bodiesIn), kindOf);
  const answersOf = <T>(kind: Exclude<Kind, null>, schema: z.ZodType<T>): readonly FromFile<T>[] =>
    (byKind.get(kind) ?? []).map((answer) => parseAnswer(answer, kind, schema));
  const caches = answersOf('cache policy', cacheAnswer).flatMap(({ value }) => value.data);
  const dashboards = answersOf('dashboard', dashboard);
  return {
    caches,
    dashboards,
    tables: answersOf('metadata', metadata).flatMap(({ value }) => value.tables),
    cards: [...dashboards.flatMap(cardsOn), ...answersOf('card', card)],
    snippets: answersOf('snippet', snippet),
    others: (byKind.get(null) ?? []).map(({ file }) => file),
  };
}

/** Whether it is a question, and not a text, heading or link. */
export function isQuestion(card: Placed | null | undefined): card is Placed & { id: string } {
  return (
    typeof card?.id === 'string' && card['dataset_query'] !== undefined && card['dataset_query'] !== null
  );
}

/** The cards that a dashboard's own answer holds. */
function cardsOn({ file, value }: FromFile<ApiDashboard>): readonly FromFile<ApiCard>[] {
  const bodies = value.dashcards.flatMap(({ card: own, series }) => [own, ...(series ?? [])]);
  return bodies.filter(isQuestion).map((body) => parseAnswer({ file, body }, 'card', card));
}

function parseAnswer<T>({ file, body }: Answer, what: string, schema: z.ZodType<T>): FromFile<T> {
  return { file, value: parseOrReject(schema, body, { file, what, version: null }) };
}

type Answer = { readonly file: string; readonly body: unknown };

type Kind = 'card' | 'dashboard' | 'cache policy' | 'snippet' | 'metadata' | null;

/** By a member that only this kind has: the answers do not name their kind. */
function kindOf({ body }: Answer): Kind {
  if (typeof body !== 'object' || body === null) return null;
  if ('dashcards' in body || 'ordered_cards' in body) return 'dashboard';
  if ('dataset_query' in body) return 'card';
  if ('tables' in body) return 'metadata';
  if ('content' in body && 'name' in body) return 'snippet';
  return 'data' in body ? 'cache policy' : null;
}

function bodiesIn({ path: file, text }: ExportFile): readonly Answer[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ExportRejected(`${file} is no JSON: ${errorMessage(error)}`);
  }
  return Array.isArray(body) ? body.map((one: unknown) => ({ file, body: one })) : [{ file, body }];
}

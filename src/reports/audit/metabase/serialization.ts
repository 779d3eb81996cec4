import { parse } from 'yaml';
import { z } from 'zod';
import { errorMessage } from '../../../foundation/text/error-message.ts';
import { type Dashboard, type ExportContents, type ExportFile, ExportRejected } from '../export-contents.ts';
import { policyOfTtl } from './cache-policy.ts';
import { cardsIn } from './cards.ts';
import {
  dashboardParts,
  type EntityNames,
  fieldClause,
  filterValuesFor,
  identifier,
  parameterMappings,
  tablePath,
} from './entities.ts';
import { type FromFile, parseOrReject } from './parse-or-reject.ts';

const meta = z.object({
  'serdes/meta': z.array(z.object({ id: z.string(), model: z.string() })).min(1),
  metabase_version: z.string().nullish(),
});

const card = z.object({
  name: z.string(),
  entity_id: z.string(),
  collection_id: z.string().nullish(),
  archived: z.boolean().nullish(),
  dataset_query: z.unknown().optional(),
  cache_ttl: z.number().nullish(),
});

const dashboard = z.object({
  ...dashboardParts,
  entity_id: z.string(),
  collection_id: z.string().nullish(),
  cache_ttl: z.number().nullish(),
  dashcards: z.array(
    z.object({
      card_id: identifier.nullish(),
      parameter_mappings: parameterMappings,
      series: z.array(z.object({ card_id: identifier })).nullish(),
    }),
    'expected "dashcards", as serialization v2 writes them since Metabase 48',
  ),
});

const collection = z.object({ name: z.string(), entity_id: z.string() });
const snippet = z.object({ name: z.string(), content: z.string() });

/** A serialization has names where the application has numbers. */
const names: EntityNames = {
  table: (reference) => tablePath.safeParse(reference).data ?? null,
  column(reference) {
    const field = fieldClause.safeParse(reference).data;
    return field === undefined || typeof field.column === 'number'
      ? null
      : { ...field.column, baseType: field.baseType };
  },
};

interface Entity {
  readonly file: string;
  readonly model: string;
  readonly version: string | null;
  readonly body: unknown;
}

/**
 * Reads the folder that `metabase export` writes (serialization v2): one YAML file per entity. As in Metabase, its
 * folders mean nothing; only the files' content does.
 * @throws ExportRejected if it is of another version
 * @see https://www.metabase.com/docs/latest/installation-and-operation/serialization
 */
export function readSerialization(files: readonly ExportFile[]): ExportContents {
  const entities = files.map(entityIn);
  const entitiesOf = <T>(model: string, what: string, schema: z.ZodType<T>): readonly FromFile<T>[] =>
    entities
      .filter((entity) => entity.model === model)
      .map((entity) => ({
        file: entity.file,
        value: parseOrReject(schema, entity.body, { ...entity, what }),
      }));
  const collections: Collections = new Map(
    entitiesOf('Collection', 'collection', collection).map(({ value }) => [value.entity_id, value.name]),
  );
  const { cards, notUnderstood } = cardsIn(entitiesOf('Card', 'card', card), names, {
    id: ({ entity_id }) => entity_id,
    parts: ({ collection_id, cache_ttl }) => ({
      collection: collections.get(collection_id ?? '') ?? null,
      cache: policyOfTtl(cache_ttl),
      inheritedCache: null,
    }),
  });
  return {
    form: 'serialization',
    cards,
    dashboards: entitiesOf('Dashboard', 'dashboard', dashboard).flatMap(({ value }) =>
      value.archived ? [] : [dashboardFrom(value, collections)],
    ),
    snippets: new Map(
      entitiesOf('NativeQuerySnippet', 'snippet', snippet).map(({ value }) => [value.name, value.content]),
    ),
    notUnderstood,
  };
}

/** Names by entity ID. */
type Collections = ReadonlyMap<string, string>;

function dashboardFrom(found: z.infer<typeof dashboard>, collections: Collections): Dashboard {
  const cards = found.dashcards.flatMap(({ card_id, series, parameter_mappings }) =>
    [card_id, ...(series ?? []).map((each) => each.card_id)]
      .filter((cardId) => typeof cardId === 'string')
      .map((cardId) => ({
        cardId,
        filterValues: filterValuesFor(cardId, parameter_mappings, found.parameters),
      })),
  );
  return {
    id: found.entity_id,
    name: found.name,
    collection: collections.get(found.collection_id ?? '') ?? null,
    cache: policyOfTtl(found.cache_ttl),
    viewsPerDay: null,
    cards,
  };
}

function entityIn({ path: file, text }: ExportFile): Entity {
  const body = yamlIn(file, text);
  const parsed = meta.safeParse(body);
  // An export contains settings and the like, which are not entities.
  if (!parsed.success) return { file, model: '', version: null, body };
  return {
    file,
    model: parsed.data['serdes/meta'].at(-1)?.model ?? '',
    version: parsed.data.metabase_version ?? null,
    body,
  };
}

function yamlIn(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ExportRejected(`${file} is no YAML: ${errorMessage(error).split('\n', 1)[0]}`);
  }
}

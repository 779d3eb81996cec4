import { z } from 'zod';
import type { CardQuery, MetabaseColumn, TemplateTag } from '../export-contents.ts';

/** What the export's numbers and names of columns and cards stand for. */
export interface EntityNames {
  /** A table's `dataset.table`, from `[database, schema, table]` or a number; null if the export does not say. */
  table(reference: unknown): string | null;
  column(reference: unknown): MetabaseColumn | null;
}

export const identifier = z.union([z.string(), z.number()]).transform(String);

const templateTag = z.object({
  name: z.string(),
  type: z.string(),
  default: z.unknown().optional(),
  required: z.boolean().nullish(),
  'card-id': identifier.nullish(),
  'snippet-name': z.string().nullish(),
  dimension: z.unknown().optional(),
  'widget-type': z.string().nullish(),
  alias: z.string().nullish(),
  'table-id': z.unknown().optional(),
});

/** A list in newer exports, a mapping by name in older ones. */
const templateTags = z
  .union([z.array(templateTag), z.record(z.string(), templateTag).transform((tags) => Object.values(tags))])
  .nullish()
  .transform((tags) => tags ?? []);

const nativeStage = z.object({ native: z.string(), 'template-tags': templateTags });

/**
 * Metabase's query: in stages since version 57, in the older form before that, and empty if a card was never completely
 * saved.
 */
const datasetQuery = z.union([
  z
    .object({ stages: z.tuple([nativeStage]) })
    .transform(({ stages: [stage] }) => sqlQuery(stage.native, stage['template-tags'])),
  z
    .object({
      type: z.literal('native'),
      native: z.object({ query: z.string(), 'template-tags': templateTags }),
    })
    .transform(({ native }) => sqlQuery(native.query, native['template-tags'])),
  z
    .object({ stages: z.array(z.looseObject({})).min(1) })
    .transform((query) => ({ kind: 'query builder' as const, query })),
  z
    .object({ type: z.literal('query'), query: z.looseObject({}) })
    .transform((query) => ({ kind: 'query builder' as const, query })),
  z.strictObject({}).transform(() => ({ kind: 'none' as const })),
]);

function sqlQuery(template: string, tags: readonly z.infer<typeof templateTag>[]) {
  return { kind: 'sql' as const, template, tags };
}

/** A card's query, or null if it has neither of the known forms. */
export function cardQuery(found: unknown, names: EntityNames): CardQuery | null {
  const parsed = datasetQuery.safeParse(found);
  if (!parsed.success) return null;
  const query = parsed.data;
  switch (query.kind) {
    case 'sql':
      return { ...query, tags: new Map(query.tags.map((tag) => [tag.name, tagFrom(tag, names)])) };
    case 'query builder':
      return { kind: 'query builder', sources: [...new Set(sourcesIn(query.query, names))] };
    case 'none':
      return query;
  }
}

/** For errors: what a card's query must look like to be understood. */
export const QUERY_FORMS =
  'dataset_query with "stages" (Metabase 57 and newer) or with "type: native" or "type: query" (46 to 56)';

function tagFrom(tag: z.infer<typeof templateTag>, names: EntityNames): TemplateTag {
  return {
    name: tag.name,
    type: tag.type,
    defaultValue: tag.default ?? null,
    required: tag.required ?? false,
    cardId: tag['card-id'] ?? null,
    snippetName: tag['snippet-name'] ?? null,
    column: names.column(tag.dimension),
    widgetType: tag['widget-type'] ?? null,
    alias: tag.alias ?? null,
    table: names.table(tag['table-id']),
  };
}

/** Tables and cards that a query of the query builder reads, at any depth. */
function sourcesIn(part: unknown, names: EntityNames): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'source-card') return [`card ${String(value)}`];
    if (key !== 'source-table') return sourcesIn(value, names);
    // A card as a source: `card__12` in the API's older form, the card's own identifier in YAML.
    if (typeof value === 'string') return [`card ${value.replace(/^card__/, '')}`];
    return [names.table(value) ?? `table ${String(value)}`];
  });
}

/** `[database, schema, table]`, the form of tables in a serialization. */
export const tablePath = z
  .tuple([z.string(), z.string().nullable(), z.string()])
  .transform(([, schema, table]) => (schema === null ? table : `${schema}.${table}`));

/** `[database, schema, table, column, …]`; what follows is a path within a record. */
const columnPath = z
  .tuple([z.string(), z.string().nullable(), z.string(), z.string()], z.string())
  .transform(([, schema, table, ...path]) => ({
    table: schema === null ? table : `${schema}.${table}`,
    name: path.join('.'),
  }));

const options = z.object({ 'base-type': z.string().nullish() }).nullish();

/** `[field, options, column]`, or `[field, column, options]` before version 57. */
export const fieldClause = z.union([
  z
    .tuple([z.literal('field'), options, z.union([columnPath, z.number()])])
    .transform(([, extra, column]) => ({ column, baseType: extra?.['base-type'] ?? null })),
  z
    .tuple([z.literal('field'), z.union([columnPath, z.number()]), options])
    .transform(([, column, extra]) => ({ column, baseType: extra?.['base-type'] ?? null })),
]);

const target = z.tuple(
  [
    z.enum(['variable', 'dimension']),
    z.tuple([z.literal('template-tag'), z.union([z.string(), z.object({ id: z.string() })])]),
  ],
  z.unknown(),
);

const parameter = z.object({ id: z.string(), default: z.unknown().optional() });

/** The parts of a dashboard that both forms write alike. */
export const dashboardParts = {
  name: z.string(),
  parameters: z
    .array(parameter)
    .nullish()
    .transform((all) => all ?? []),
  archived: z.boolean().nullish(),
};

export const parameterMappings = z
  .array(
    z.object({ parameter_id: z.string(), card_id: identifier.nullish(), target: z.unknown().optional() }),
  )
  .nullish()
  .transform((all) => all ?? []);

/**
 * What a dashboard's filters put into a card's tags when it is opened. A filter without a default leaves its tag empty,
 * whatever the tag's own default.
 */
export function filterValuesFor(
  cardId: string,
  mappings: z.infer<typeof parameterMappings>,
  parameters: readonly z.infer<typeof parameter>[],
): ReadonlyMap<string, unknown> {
  const filterValues = new Map<string, unknown>();
  for (const mapping of mappings) {
    const parsed = target.safeParse(mapping.target);
    const filter = parameters.find(({ id }) => id === mapping.parameter_id);
    const other = typeof mapping.card_id === 'string' && mapping.card_id !== cardId;
    if (!parsed.success || filter === undefined || other) continue;
    const [, [, tag]] = parsed.data;
    if (typeof tag === 'string') filterValues.set(tag, filter.default ?? null);
  }
  return filterValues;
}

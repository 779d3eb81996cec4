import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { cacheKey } from '../text/cache-key.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import { LOAD_TIME_COLUMN, type TableDefinition, tableKinds } from '../vocabulary/table-definition.ts';
import { type Asker, int64 } from './dry-run.ts';
import { fetchOnceMore } from './fetch-once-more.ts';

/** What tables are, as far as the caller may know. */
export interface TableDefinitions {
  /**
   * What the warehouse says about a table under the caller's own credential. Null if it does not say: no such table, no
   * access (as for tables behind authorised views), a wildcard, too slow an answer, or none. Never throws.
   */
  of(table: TableReference, asker: Asker): Promise<TableDefinition | null>;
}

/** Why there is no definition; for metrics. */
type DefinitionFailure = 'unreachable' | 'not understood';

interface Options {
  readonly upstream: string;
  /** The longest that a query waits for one definition. */
  readonly timeoutMs: number;
  /** How long a definition is trusted, and how long a refusal of one. */
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly onFailure?: (failure: DefinitionFailure) => void;
}

interface Question {
  readonly table: TableReference;
  readonly asker: Asker;
}

/** While the warehouse is in trouble, not every query asks it, but it is soon asked again. */
const FAILURE_TTL_MS = 5000;

/**
 * Definitions, cached by credential and table; identical questions that arrive together are asked once. Reading them is
 * free.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get
 */
export function createTableDefinitions(options: Options): TableDefinitions {
  const cache = new LRUCache<string, { readonly definition: TableDefinition | null }, Question>({
    max: options.maxEntries,
    ttl: options.ttlMs,
    ignoreFetchAbort: true,
    async fetchMethod(_key, _stale, { context, options: entry }) {
      const answer = await ask(context, options);
      if (answer.kind === 'defined') return { definition: answer.definition };
      if (answer.kind !== 'refused') {
        options.onFailure?.(answer.kind);
        entry.ttl = Math.min(FAILURE_TTL_MS, options.ttlMs);
      }
      return { definition: null };
    },
  });
  return {
    async of(table, asker) {
      if (table.tableId.includes('*')) return null;
      const key = cacheKey([asker.credentialKey, asker.search, tableName(table)]);
      const { definition } = await cache.forceFetch(key, { context: { table, asker } });
      return definition;
    },
  };
}

type Answer =
  | { readonly kind: 'defined'; readonly definition: TableDefinition }
  | { readonly kind: 'refused' }
  | { readonly kind: DefinitionFailure };

async function ask({ table, asker }: Question, { upstream, timeoutMs }: Options): Promise<Answer> {
  try {
    const response = await fetchOnceMore(addressOf(table, asker, upstream), {
      headers: { ...asker.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await response.text();
    if (response.status === 200) return readDefinition(table, body);
    return { kind: isRefusal(response.status, body) ? 'refused' : 'unreachable' };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** The fields that are read: the rest of a resource can be large. */
const FIELDS =
  'type,schema(fields(name,type,mode)),timePartitioning,rangePartitioning,requirePartitionFilter,clustering,numBytes';

function addressOf(
  { projectId, datasetId, tableId }: TableReference,
  asker: Asker,
  upstream: string,
): string {
  const [project, dataset, table] = [projectId, datasetId, tableId].map(encodeURIComponent);
  const parameters = new URLSearchParams(asker.search);
  parameters.set('fields', FIELDS);
  return `${upstream}/bigquery/v2/projects/${project}/datasets/${dataset}/tables/${table}?${parameters}`;
}

/** Too many requests are also refused with 403, and that passes. */
function isRefusal(status: number, body: string): boolean {
  if (status === 403) return !/"reason"\s*:\s*"(rateLimitExceeded|quotaExceeded)"/.test(body);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#Table */
const tableResource = z.object({
  type: z.enum(tableKinds),
  schema: z
    .object({
      fields: z
        .array(z.object({ name: z.string(), type: z.string(), mode: z.string().optional() }))
        .default([]),
    })
    .default({ fields: [] }),
  timePartitioning: z
    .object({
      type: z.string(),
      field: z.string().optional(),
      requirePartitionFilter: z.boolean().optional(),
    })
    .optional(),
  rangePartitioning: z.object({ field: z.string() }).optional(),
  requirePartitionFilter: z.boolean().optional(),
  clustering: z.object({ fields: z.array(z.string()).default([]) }).optional(),
  numBytes: int64.optional(),
});

function readDefinition(table: TableReference, body: string): Answer {
  const parsed = tableResource.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'not understood' };
  const { type: kind, schema, timePartitioning, rangePartitioning, clustering, ...rest } = parsed.data;
  const definition: TableDefinition = {
    table,
    kind,
    columns: schema.fields.map((field) => ({ name: field.name, type: standardType(field) })),
    partitionColumn:
      rangePartitioning?.field ??
      (timePartitioning === undefined ? null : (timePartitioning.field ?? LOAD_TIME_COLUMN)),
    partitionType: rangePartitioning === undefined ? (timePartitioning?.type ?? null) : 'RANGE',
    requiresPartitionFilter: rest.requirePartitionFilter ?? timePartitioning?.requirePartitionFilter ?? false,
    clusterColumns: clustering?.fields ?? [],
    // The API writes 0 for views.
    bytes: kind === 'VIEW' ? null : (rest.numBytes ?? null),
  };
  return { kind: 'defined', definition };
}

/** The API's older type names, with GoogleSQL's. */
const STANDARD_TYPES: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT',
};

function standardType({ type, mode }: { readonly type: string; readonly mode?: string | undefined }): string {
  const name = STANDARD_TYPES[type] ?? type;
  return mode === 'REPEATED' ? `ARRAY<${name}>` : name;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

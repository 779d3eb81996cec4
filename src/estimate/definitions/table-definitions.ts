import { z } from 'zod';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import { LOAD_TIME_COLUMN, type TableDefinition, tableKinds } from '../../vocabulary/table-definition.ts';
import type { Asker } from '../dry-run.ts';
import { int64 } from '../dry-run-answer.ts';
import { createDefinitionRequests, type DefinitionOptions } from './definition-requests.ts';

/** What tables are, as far as the caller may know. */
export interface TableDefinitions {
  /**
   * What the warehouse says about a table under the caller's own credential. Null if it does not say: no such table, no
   * access (as for tables behind authorised views), a wildcard, too slow an answer, or none. Never throws.
   */
  of(table: TableReference, asker: Asker): Promise<TableDefinition | null>;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get */
export function createTableDefinitions(options: DefinitionOptions): TableDefinitions {
  const ask = createDefinitionRequests(
    { nameOf: tableName, pathOf, fields: FIELDS, resource: tableResource, definitionFrom },
    options,
  );
  return {
    of: async (table, asker) => (table.tableId.includes('*') ? null : ask(table, asker)),
  };
}

function pathOf({ projectId, datasetId, tableId }: TableReference): readonly string[] {
  return ['projects', projectId, 'datasets', datasetId, 'tables', tableId];
}

const FIELDS =
  'type,schema(fields(name,type,mode)),timePartitioning,rangePartitioning,clustering,numBytes,view(query,useLegacySql),materializedView(query)';

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
  timePartitioning: z.object({ field: z.string().optional() }).optional(),
  rangePartitioning: z.object({ field: z.string() }).optional(),
  clustering: z.object({ fields: z.array(z.string()).default([]) }).optional(),
  numBytes: int64.optional(),
  // As in a job's configuration, legacy SQL is what an absent word means.
  view: z.object({ query: z.string(), useLegacySql: z.boolean().default(true) }).optional(),
  materializedView: z.object({ query: z.string() }).optional(),
});

function definitionFrom(
  { type: kind, schema, timePartitioning, rangePartitioning, ...rest }: z.infer<typeof tableResource>,
  table: TableReference,
): TableDefinition {
  const { clustering, view, materializedView } = rest;
  const sql = view === undefined || view.useLegacySql ? materializedView?.query : view.query;
  return {
    table,
    kind,
    columns: schema.fields.map((field) => ({ name: field.name, type: standardType(field) })),
    partitionColumn:
      rangePartitioning?.field ??
      (timePartitioning === undefined ? null : (timePartitioning.field ?? LOAD_TIME_COLUMN)),
    clusterColumns: clustering?.fields ?? [],
    // The API writes 0 for views.
    bytes: kind === 'VIEW' ? null : (rest.numBytes ?? null),
    ...(sql === undefined ? {} : { sql }),
  };
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

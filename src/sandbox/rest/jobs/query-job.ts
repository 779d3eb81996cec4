import { z } from 'zod';
import { notImplemented } from '../../not-implemented.ts';
import { BigQueryError, type QueryParameter, type QueryRequest } from '../../warehouse.ts';
import type { JsonObject } from '../http/json.ts';
import { flag, int64, optional } from '../http/wire.ts';
import { checkLabels } from './labels.ts';
import { queryParameter } from './query-parameter.ts';

/** A query job's configuration, whichever method it came through. */
export interface QueryJob {
  readonly request: QueryRequest;
  readonly maximumBytesBilled: bigint | null;
  readonly useQueryCache: boolean;
  readonly priority: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The settings that have the same names in `jobs.query` and `jobs.insert`. */
export const queryFields = {
  query: z.string().min(1),
  useLegacySql: optional(flag),
  defaultDataset: optional(
    z.object({ datasetId: z.string().min(1), projectId: optional(z.string().min(1)) }),
  ),
  maximumBytesBilled: optional(int64),
  parameterMode: optional(z.string()),
  queryParameters: optional(z.array(queryParameter)),
  useQueryCache: optional(flag),
} as const;

export type QueryFields = z.output<z.ZodObject<typeof queryFields>>;

/**
 * Settings that would change what a query does. The sandbox does not support them, and says so instead of answering a
 * different question.
 */
const UNSERVED_SETTINGS = [
  'clustering',
  'connectionProperties',
  'continuous',
  'createSession',
  'destinationTable',
  'rangePartitioning',
  'schemaUpdateOptions',
  'secureContext',
  'systemVariables',
  'tableDefinitions',
  'timePartitioning',
  'userDefinedFunctionResources',
  'writeIncrementalResults',
];

/**
 * @param body the object that contains the settings
 * @throws BigQueryError `notImplemented` if it asks for something that the sandbox does not do
 */
export function refuseUnservedSettings(body: JsonObject): void {
  for (const name of UNSERVED_SETTINGS) {
    const value = body[name];
    const isSet = Array.isArray(value) ? value.length > 0 : Boolean(value);
    if (isSet) throw notImplemented(`queries with the setting '${name}'`);
  }
}

/** @throws BigQueryError if BigQuery would reject the configuration, or the sandbox does not support it */
export function queryJob(
  projectId: string,
  fields: QueryFields,
  settings: { readonly labels: Readonly<Record<string, string>> | null; readonly priority: string | null },
): QueryJob {
  if (isLegacySql(fields)) {
    throw notImplemented(
      "legacy SQL, which is what 'useLegacySql' means when it is absent: set it to false, or begin the query with #standardSQL",
    );
  }
  const labels = settings.labels ?? {};
  checkLabels(labels);
  const { defaultDataset } = fields;
  return {
    request: {
      projectId,
      sql: fields.query,
      parameters: parameters(fields),
      ...(defaultDataset === null
        ? {}
        : {
            defaultDataset: {
              projectId: defaultDataset.projectId ?? projectId,
              datasetId: defaultDataset.datasetId,
            },
          }),
    },
    // In the API, zero or less means no limit.
    maximumBytesBilled:
      fields.maximumBytesBilled !== null && fields.maximumBytesBilled > 0n ? fields.maximumBytesBilled : null,
    useQueryCache: fields.useQueryCache ?? true,
    priority: settings.priority ?? 'INTERACTIVE',
    labels,
  };
}

/**
 * A leading `#standardSQL` or `#legacySQL` overrides the setting, whose default is true.
 * @see https://cloud.google.com/bigquery/docs/introduction-sql#changing_from_the_default_dialect
 */
function isLegacySql({ query, useLegacySql }: QueryFields): boolean {
  if (/^\s*#standardSQL\b/i.test(query)) return false;
  if (/^\s*#legacySQL\b/i.test(query)) return true;
  return useLegacySql ?? true;
}

function parameters({ queryParameters, parameterMode }: QueryFields): readonly QueryParameter[] {
  const supplied = queryParameters ?? [];
  const named = supplied.filter((parameter) => parameter.name !== undefined).length;
  const mode = parameterMode?.toUpperCase() ?? null;
  const isMixed = named !== 0 && named !== supplied.length;
  if (isMixed || (mode === 'NAMED' && named !== supplied.length) || (mode === 'POSITIONAL' && named !== 0)) {
    throw new BigQueryError(
      400,
      'invalid',
      'Query parameters must be all named or all positional, as parameterMode says.',
      'parameterMode',
    );
  }
  return supplied;
}

import type google from '@google-cloud/bigquery/build/src/types.js';
import { MAX_LABELS } from '../../../caller/labels.ts';
import type { Bytes } from '../../../vocabulary/bytes.ts';
import { isJsonObject, type JsonObject } from '../exact-json.ts';
import type { OtherJob, QueryJob } from './query-job.ts';

/** A field that `QueryRequest` and `JobConfigurationQuery` both have, as Google's client knows them. */
type SharedField = Exclude<
  keyof google.default.IQueryRequest & keyof google.default.IJobConfigurationQuery,
  'query' | 'maximumBytesBilled'
>;

/**
 * Whether a field can change a price, or whether there is one: a temporary table needs a session, and a view may filter by the
 * secure context. A dry run with `createSession` creates an idle session, which costs nothing and ends by itself. A field that
 * is new to Google's client is an error of types here until it is decided.
 */
const CHANGES_PRICE: Readonly<Record<SharedField, boolean>> = {
  defaultDataset: true,
  useLegacySql: true,
  useQueryCache: true,
  parameterMode: true,
  queryParameters: true,
  connectionProperties: true,
  createSession: true,
  destinationEncryptionConfiguration: true,
  secureContext: true,
  // Refused if it is true.
  continuous: false,
  preserveNulls: false,
  writeIncrementalResults: false,
};

const PRICED_QUERY_FIELDS = Object.entries(CHANGES_PRICE).flatMap(([field, priced]) =>
  priced ? [field] : [],
);

/**
 * The query part of a request, apart from the SQL: `QueryRequest`, or `JobConfigurationQuery`; empty if it says
 * nothing.
 */
export function queryOptions({ method, body }: Pick<QueryJob, 'method' | 'body'>): JsonObject {
  return method === 'jobs.query' ? body : member(member(body, 'configuration'), 'query');
}

/**
 * The configuration that the dry run prices: the client's own, with the SQL that will be sent, without the cap and the
 * labels.
 */
export function pricedConfiguration(job: QueryJob, sql: string): JsonObject {
  if (job.method === 'jobs.insert') {
    const { labels: _labels, ...configuration } = member(job.body, 'configuration');
    const { maximumBytesBilled: _cap, ...query } = member(configuration, 'query');
    return { ...configuration, query: { ...query, query: sql } };
  }
  const priced = PRICED_QUERY_FIELDS.filter((field) => job.body[field] !== undefined);
  return { query: { query: sql, ...Object.fromEntries(priced.map((field) => [field, job.body[field]])) } };
}

/** The body to forward: the client's own, except for the SQL's leading remark, the cap and the added labels. */
export function forwardedBody(
  job: QueryJob,
  changes: { readonly sql: string; readonly cap: Bytes; readonly labels: Readonly<Record<string, string>> },
): Buffer {
  const bound = { query: changes.sql, maximumBytesBilled: changes.cap.toString() };
  const labels = withAdded(job.labels, changes.labels);
  if (job.method === 'jobs.query') return Buffer.from(JSON.stringify({ ...job.body, ...bound, labels }));
  const configuration = member(job.body, 'configuration');
  const query = { ...member(configuration, 'query'), ...bound };
  return Buffer.from(JSON.stringify({ ...job.body, configuration: { ...configuration, query, labels } }));
}

/** The body to forward for a job without SQL: the client's own, except for the added labels. */
export function labelledBody(job: OtherJob, labels: Readonly<Record<string, string>>): Buffer {
  const configuration = member(job.body, 'configuration');
  return Buffer.from(
    JSON.stringify({
      ...job.body,
      configuration: { ...configuration, labels: withAdded(job.labels, labels) },
    }),
  );
}

/** The client's own labels and, as far as there is room, the guard's, the most important first. */
function withAdded(
  own: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const labels = { ...own };
  for (const [key, value] of Object.entries(added)) {
    if (Object.hasOwn(labels, key) || Object.keys(labels).length < MAX_LABELS) labels[key] = value;
  }
  return labels;
}

/** A member that is an object, as the schema checked when the body was read. */
function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

/**
 * Tools by a part of their user agent; the first match wins.
 * @see https://github.com/metabase/metabase
 * modules/drivers/bigquery-cloud-sdk/src/metabase/driver/bigquery_cloud_sdk.clj
 * @see https://github.com/dbt-labs/dbt-bigquery dbt/adapters/bigquery/connections.py (`dbt-bigquery-VERSION`)
 * @see https://github.com/googleapis/genai-toolbox internal/sources/bigquery/bigquery.go
 * @see https://github.com/cube-js/cube packages/cubejs-bigquery-driver/src/BigQueryDriver.ts (`CubeDev_Cube/VERSION`)
 * @see https://github.com/malloydata/malloy packages/malloy-db-bigquery/src/bigquery_connection.ts (`Malloy/VERSION`)
 * @see https://github.com/google-cloud-sdk-unofficial/google-cloud-sdk platform/bq/bq_utils.py (`GetUserAgent`)
 */
const TOOLS: readonly Sign[] = [
  [/metabase/i, 'metabase'],
  [/superset/i, 'superset'],
  [/\bdbt\b/i, 'dbt'],
  [/looker/i, 'looker'],
  [/grafana/i, 'grafana'],
  [/redash/i, 'redash'],
  [/\bcubedev_cube\b/i, 'cube'],
  [/\bmalloy\b/i, 'malloy'],
  [/genai-toolbox|mcp-toolbox/i, 'mcp-toolbox'],
  [/google-bigquery-cli|^bq\/|^google-cloud-sdk/i, 'bq'],
];

/**
 * Libraries that any program may use, including BI tools: Metabase uses the Java client, Grafana the Go client.
 * @see https://github.com/googleapis/google-cloud-go bigquery/bigquery.go (`gcloud-golang-bigquery/VERSION`)
 * @see https://github.com/googleapis/java-bigquery …/spi/v2/HttpBigQueryRpc.java (`gcloud-java/VERSION`)
 * @see https://github.com/googleapis/python-bigquery google/cloud/bigquery/_http.py (`gl-python/VERSION …
 * gccl/VERSION`)
 */
const CLIENTS: readonly Sign[] = [
  [/google-cloud-node|gcloud-node|google-api-nodejs|gl-node/i, 'node'],
  [/gl-python|gcloud-python|google-cloud-bigquery|google-api-python-client/i, 'python'],
  [/gl-java|gcloud-java|Google-API-Java-Client|Google-HTTP-Java-Client/i, 'java'],
  [/gl-go\b|gcloud-golang|google-api-go-client/i, 'go'],
  [/^curl\//i, 'curl'],
];

type Sign = readonly [RegExp, string];

/** The tool that a user agent names, or the library if it names nothing else. */
export interface NamedBy {
  readonly tool: string | null;
  readonly client: string | null;
}

/** What a user agent names. Whoever writes the SQL cannot set it, but whoever holds the credential can. */
export function namedByUserAgent(userAgent: string | null): NamedBy {
  return { tool: firstIn(userAgent, TOOLS), client: clientIn(userAgent) };
}

/** The library that a user agent names, or the header `x-goog-api-client`. */
export function clientIn(header: string | null): string | null {
  return firstIn(header, CLIENTS);
}

function firstIn(header: string | null, signs: readonly Sign[]): string | null {
  return header === null ? null : (signs.find(([sign]) => sign.test(header))?.[1] ?? null);
}

import { randomUUID } from 'node:crypto';
import { type ClientShape, QUERIES } from './shape.ts';

export const METABASE: ClientShape = {
  client: 'the Java client as Metabase drives it',
  source:
    'googleapis/java-bigquery: google-cloud-bigquery/…/QueryRequestInfo.java (toPb), …/spi/v2/HttpBigQueryRpc.java (queryRpc); metabase/metabase: modules/drivers/bigquery-cloud-sdk/…/bigquery_cloud_sdk.clj',
  tool: 'metabase',
  headers: {
    'accept-encoding': 'gzip',
    'content-encoding': 'gzip',
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'gcloud-java/2.45.0 Google-API-Java-Client/2.7.0 Google-HTTP-Java-Client/1.45.0 (gzip)',
    'x-goog-api-client': 'gl-java/21.0.5 gccl/2.45.0 gdcl/2.7.0',
  },
  gzip: true,
  where: 'status = ? AND channel <> ?',
  hints: { person: '12', dashboard: null, card: '0a1b' },
  start: (sql) => ({
    path: QUERIES,
    body: {
      query: `-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b\n${sql}`,
      queryParameters: sql.includes('?') ? ['open', 'phone'].map(positional) : [],
      requestId: randomUUID(),
      useLegacySql: false,
      useQueryCache: true,
    },
  }),
  reads: () => [],
};

function positional(value: string): unknown {
  return { parameterType: { type: 'STRING' }, parameterValue: { value } };
}

export const JAVA: ClientShape = {
  ...METABASE,
  client: 'the Java client',
  tool: 'java',
  hints: { person: null, dashboard: null, card: null },
  start: (sql) => {
    const { path, body } = METABASE.start(sql);
    return { path, body: { ...body, query: sql } };
  },
  reads: ({ jobId, location }) => [`${QUERIES}/${jobId}?location=${location}&maxResults=2&prettyPrint=false`],
};

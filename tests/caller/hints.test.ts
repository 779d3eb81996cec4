import { describe, expect, test } from 'vitest';
import { hintsOf, type RequestSigns } from '../../src/caller/hints.ts';

const METABASE = '-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b\n';

function hints(signs: Partial<RequestSigns>) {
  return hintsOf({ sql: 'SELECT 1', labels: {}, userAgent: null, ...signs }).hints;
}

describe('hints about the caller', () => {
  test('are null if the request contains none', () => {
    expect(hintsOf({ sql: 'SELECT 1', labels: {}, userAgent: null })).toEqual({
      hints: { tool: null, person: null, dashboard: null, card: null },
      remark: null,
    });
  });

  test.each([
    ['Metabase/v0.56 gcloud-java/2.40 Google-API-Java-Client/2.2', 'metabase'],
    ['gl-java/21 gccl/2.40', 'java'],
    ['dbt/1.9 gl-python/3.12 google-cloud-bigquery', 'dbt'],
    ['gl-python/3.12.1 gccl/3.20', 'python'],
    ['google-cloud-node-bigquery/9.3.0 gl-node/24', 'node'],
    ['google-bigquery-cli/2.1 gl-python/3.11', 'bq'],
    ['Apache Superset', 'superset'],
    ['genai-toolbox/0.9', 'mcp-toolbox'],
    ['curl/8.5.0', 'curl'],
    ['Mozilla/5.0', null],
  ])('take the tool from the user agent: %s is %s', (userAgent, tool) => {
    expect(hints({ userAgent }).tool).toBe(tool);
  });

  test.each([
    ['google-cloud-sdk548.0.0 google-api-python-client (gzip)', 'bq'],
    ['bq/2.1.4 google-api-python-client (gzip)', 'bq'],
    ['dbt-bigquery-1.9.1 gl-python/3.12.1 grpc/1.70.0 gax/2.24.1 gapic/3.29.0 gccl/3.29.0', 'dbt'],
    ['google-api-python-client (gzip)', 'python'],
    ['gcloud-java/2.45.0 Google-API-Java-Client/2.7.0 Google-HTTP-Java-Client/1.45.0 (gzip)', 'java'],
    ['gcloud-golang-bigquery/1.66.2', 'go'],
    ['google-api-go-client/0.5', 'go'],
    ['CubeDev_Cube/1.7.43 gcloud-node-bigquery/7.9.4', 'cube'],
    ['Malloy/0.0.431 gcloud-node-bigquery/7.9.4', 'malloy'],
    ['gcloud-node-bigquery/8.3.1', 'node'],
  ])('take the tool from user agents of real clients: %s is %s', (userAgent, tool) => {
    expect(hints({ userAgent }).tool).toBe(tool);
  });

  test.each([
    ['my-script/1.0 (gzip)', 'gdcl/1.7.12 gl-python/3.11.2', 'python'],
    [null, 'gl-node/24.21.0 gccl/9.3.0', 'node'],
    ['curl/8.5.0', 'gl-python/3.11.2', 'curl'],
    ['my-script/1.0', 'metabase', null],
  ])(
    'take the client from x-goog-api-client if the user agent %s names none: %s',
    (userAgent, apiClient, tool) => {
      expect(hints({ userAgent, apiClient }).tool).toBe(tool);
    },
  );

  test.each([
    [
      {
        'looker-context-user_id': '5',
        'looker-context-history_slug': 'ab',
        'looker-context-instance_slug': 'cd',
      },
      { tool: 'looker', person: '5', dashboard: null, card: null },
    ],
    [
      { 'x-plugin-id': 'grafana-bigquery-datasource', 'x-dashboard-uid': 'fila', 'x-panel-id': '4' },
      { tool: 'grafana', person: null, dashboard: 'fila', card: '4' },
    ],
    [
      { 'x-dashboard-uid': 'fila', 'x-grafana-user': 'ana' },
      { tool: 'grafana', person: 'ana', dashboard: 'fila', card: null },
    ],
    [
      { app: 'dbt', node_id: 'model_shop_messages', dbt_invocation_id: 'f0' },
      { tool: 'dbt', person: null, dashboard: null, card: 'model_shop_messages' },
    ],
    [
      { 'genai-toolbox-tool': 'bigquery-execute-sql' },
      { tool: 'mcp-toolbox', person: null, dashboard: null, card: null },
    ],
    [
      { 'mcp-toolbox-tool': 'bigquery-sql' },
      { tool: 'mcp-toolbox', person: null, dashboard: null, card: null },
    ],
    [
      { metabase_user_id: '7', metabase_card_id: '9', other: 'x' },
      { tool: 'metabase', person: '7', dashboard: null, card: '9' },
    ],
    [
      { app: 'shop', node_id: '4' },
      { tool: null, person: null, dashboard: null, card: null },
    ],
    [
      { toString: 'x', __proto__x: 'y' },
      { tool: null, person: null, dashboard: null, card: null },
    ],
  ])('take tool, person, dashboard and card from the labels of tools: %j', (labels, expected) => {
    expect(hints({ labels })).toEqual(expected);
  });

  test("prefer guardrail's own labels to those of tools, unless they are empty", () => {
    expect(hints({ labels: { 'looker-context-user_id': '5', guardrail_person: 'ana' } }).person).toBe('ana');
    expect(hints({ labels: { 'looker-context-user_id': '5', guardrail_person: '' } }).person).toBe('5');
    expect(hints({ labels: { guardrail_dashboard: 'fila', guardrail_card: '3' } })).toMatchObject({
      dashboard: 'fila',
      card: '3',
    });
  });

  test('take the dashboard of a remark, unless a label names one', () => {
    const sql = '-- Metabase:: userID: 12 queryType: native dashboardID: 3\nSELECT 1';

    expect(hints({ sql }).dashboard).toBe('3');
    expect(hints({ sql, labels: { guardrail_dashboard: 'fila' } }).dashboard).toBe('fila');
  });

  test('prefer the tool of a remark to the library in the user agent', () => {
    const found = hintsOf({ sql: `${METABASE}SELECT 1`, labels: {}, userAgent: 'gcloud-java/2.45.0' });

    expect(found.hints).toEqual({ tool: 'metabase', person: '12', dashboard: null, card: '0a1b' });
    expect(found.remark?.text).toBe(METABASE);
  });

  test('prefer labels to a remark, which the author of the SQL could have typed', () => {
    const looker = `-- Looker Query Context '{"user_id":99,"instance_slug":"cd"}'\nSELECT 1`;

    const found = hintsOf({ sql: looker, labels: { 'looker-context-user_id': '5' }, userAgent: null });

    expect(found.hints.person).toBe('5');
    expect(found.remark?.labels).toEqual({ 'looker-context-instance_slug': 'cd' });
  });

  test.each([
    ['user agent', { userAgent: 'grafana/11.2' }, 'grafana'],
    ['labels', { labels: { dbt_invocation_id: 'f0' } }, 'dbt'],
  ])(
    'ignore and leave in place the remark of another tool than the one named by the %s',
    (_sign, signs, tool) => {
      const found = hintsOf({ sql: `${METABASE}SELECT 1`, labels: {}, userAgent: null, ...signs });

      expect(found).toEqual({ remark: null, hints: { tool, person: null, dashboard: null, card: null } });
    },
  );

  test('are of a tool by a label that others use too only if it has the value of the tool', () => {
    expect(hints({ labels: { app: 'dbt' } }).tool).toBe('dbt');
    expect(hints({ labels: { app: 'billing', 'x-plugin-id': 'another' } }).tool).toBeNull();
  });

  test('have no null characters, which PostgreSQL cannot store', () => {
    expect(hints({ labels: { guardrail_person: 'an\0a' } }).person).toBe('ana');
  });

  test('are cut to 128 characters', () => {
    const long = 'x'.repeat(100_000);

    const { person, card } = hints({
      labels: { guardrail_person: long, guardrail_card: `${'y'.repeat(127)}🙂` },
    });

    expect(person).toBe('x'.repeat(128));
    expect(card?.isWellFormed()).toBe(true);
  });
});

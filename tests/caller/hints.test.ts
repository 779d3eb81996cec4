import { describe, expect, test } from 'vitest';
import { hintsOf, type RequestSigns } from '../../src/caller/hints.ts';

function hints(signs: Partial<RequestSigns>) {
  return hintsOf({ sql: 'SELECT 1', labels: {}, userAgent: null, ...signs }).hints;
}

describe('hints of who asks', () => {
  test('are none where the request says nothing', () => {
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

  test('take person, dashboard and card from labels', () => {
    const labels = { looker_user_id: '5', guardrail_dashboard: 'fila', metabase_card_id: '9', other: 'x' };

    expect(hints({ labels })).toEqual({ tool: null, person: '5', dashboard: 'fila', card: '9' });
  });

  test("take the guardrail's own labels before those of tools, and no empty one", () => {
    expect(hints({ labels: { looker_user_id: '5', guardrail_person: 'ana' } }).person).toBe('ana');
    expect(hints({ labels: { looker_user_id: '5', guardrail_person: '' } }).person).toBe('5');
  });

  test('take the remark before labels and user agent, and labels for what it does not say', () => {
    const sql = '-- Metabase:: userID: 12 queryHash: 0a1b\nSELECT 1';
    const labels = { guardrail_person: 'someone else', guardrail_dashboard: 'fila' };

    const told = hintsOf({ sql, labels, userAgent: 'curl/8' });

    expect(told.hints).toEqual({ tool: 'metabase', person: '12', dashboard: 'fila', card: '0a1b' });
    expect(told.remark?.text).toBe('-- Metabase:: userID: 12 queryHash: 0a1b\n');
  });
});

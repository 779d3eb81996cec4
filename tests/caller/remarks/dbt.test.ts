import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../../src/caller/hints.ts';
import { dbtRemark } from '../../../src/caller/remarks/dbt.ts';

const COMMENT =
  '/* {"app": "dbt", "dbt_version": "1.9.1", "profile_name": "shop", "target_name": "prod", "node_id": "model.shop.messages"} */';
const HINTS = { tool: 'dbt', person: null, dashboard: null, card: 'model.shop.messages' };

describe("dbt's query comment", () => {
  test('names the model, at the beginning', () => {
    expect(dbtRemark(`${COMMENT}\nSELECT 1`, { appendedCounts: false })?.hints).toEqual(HINTS);
  });

  test('names no model where dbt asks for itself', () => {
    const sql = '/* {"app": "dbt", "dbt_version": "1.9.1", "connection_name": "master"} */\nSELECT 1';

    expect(dbtRemark(sql, { appendedCounts: false })?.hints).toEqual({ ...HINTS, card: null });
  });

  test.each([`SELECT 1\n${COMMENT}`, `SELECT 1\n${COMMENT};`, `/* mine */ SELECT /* a */ 1\n${COMMENT};\n`])(
    'counts at the end from dbt alone: %j',
    (sql) => {
      const asked = (userAgent: string) => hintsOf({ sql, labels: {}, userAgent }).hints;

      expect(asked('dbt-bigquery-1.9.1 gl-python/3.12')).toEqual(HINTS);
      expect(asked('gl-python/3.12')).toEqual({ tool: 'python', person: null, dashboard: null, card: null });
    },
  );

  test('stays in the SQL, since it is one for everybody', () => {
    expect(hintsOf({ sql: `${COMMENT}\nSELECT 1`, labels: {}, userAgent: null }).remark).toBeNull();
  });

  test.each([
    ['of another app', '/* {"app": "shop"} */\nSELECT 1'],
    ['that is no JSON', '/* {app: dbt} */\nSELECT 1'],
    ['that a person wrote', '/* dbt */\nSELECT 1'],
    ['in the middle', `SELECT 1 ${COMMENT} FROM a`],
    ['that has no end', '/* {"app": "dbt"}'],
  ])('is none %s', (_where, sql) => {
    expect(dbtRemark(sql, { appendedCounts: true })).toBeNull();
  });
});

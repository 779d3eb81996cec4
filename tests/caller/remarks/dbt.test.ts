import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../../src/caller/hints.ts';
import { dbtRemark } from '../../../src/caller/remarks/dbt.ts';

const COMMENT =
  '/* {"app": "dbt", "dbt_version": "1.9.1", "profile_name": "shop", "target_name": "prod", "node_id": "model.shop.messages"} */';
const HINTS = { tool: 'dbt', person: null, dashboard: null, card: 'model.shop.messages' };

describe("dbt's query comment", () => {
  test('names the model, at the start of the SQL', () => {
    expect(dbtRemark(`${COMMENT}\nSELECT 1`, { appendedCounts: false })?.hints).toEqual(HINTS);
  });

  test('names no model if dbt runs the query for itself', () => {
    const sql = '/* {"app": "dbt", "dbt_version": "1.9.1", "connection_name": "master"} */\nSELECT 1';

    expect(dbtRemark(sql, { appendedCounts: false })?.hints).toEqual({ ...HINTS, card: null });
  });

  test.each([`SELECT 1\n${COMMENT}`, `SELECT 1\n${COMMENT};`, `/* mine */ SELECT /* a */ 1\n${COMMENT};\n`])(
    'counts at the end of the SQL only if the user agent is dbt: %j',
    (sql) => {
      const hintsFrom = (userAgent: string) => hintsOf({ sql, labels: {}, userAgent }).hints;

      expect(hintsFrom('dbt-bigquery-1.9.1 gl-python/3.12')).toEqual(HINTS);
      expect(hintsFrom('gl-python/3.12')).toEqual({
        tool: 'python',
        person: null,
        dashboard: null,
        card: null,
      });
    },
  );

  test('stays in the SQL, since it does not vary by person', () => {
    expect(hintsOf({ sql: `${COMMENT}\nSELECT 1`, labels: {}, userAgent: null }).remark).toBeNull();
  });

  test.each([
    ['of another app', '/* {"app": "shop"} */\nSELECT 1'],
    ['that is not JSON', '/* {app: dbt} */\nSELECT 1'],
    ['that a person wrote', '/* dbt */\nSELECT 1'],
    ['in the middle of the SQL', `SELECT 1 ${COMMENT} FROM a`],
    ['that is not closed', '/* {"app": "dbt"}'],
  ])('is not recognised in a comment %s', (_where, sql) => {
    expect(dbtRemark(sql, { appendedCounts: true })).toBeNull();
  });
});

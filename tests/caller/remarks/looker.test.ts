import { describe, expect, test } from 'vitest';
import { lookerRemark } from '../../../src/caller/remarks/looker.ts';

const CONTEXT = `-- Looker Query Context '{"user_id":6,"history_slug":"fc83573987b9","instance_slug":"71d4667f0b76"}' \n`;

describe("Looker's context comment", () => {
  test("names the person, and becomes Looker's own labels", () => {
    expect(lookerRemark(`${CONTEXT}SELECT 1`)).toEqual({
      text: CONTEXT,
      hints: { tool: 'looker', person: '6', dashboard: null, card: null },
      labels: {
        'looker-context-user_id': '6',
        'looker-context-history_slug': 'fc83573987b9',
        'looker-context-instance_slug': '71d4667f0b76',
      },
    });
  });

  test('names nobody if Looker runs the query for itself', () => {
    const sql = `-- Looker Query Context '{"user_id":null,"history_id":4757,"instance_slug":"ec28"}'\nSELECT 1`;

    expect(lookerRemark(sql)?.hints.person).toBeNull();
    expect(lookerRemark(sql)?.labels).toEqual({
      'looker-context-history_id': '4757',
      'looker-context-instance_slug': 'ec28',
    });
  });

  test.each([
    ['after the query', `SELECT 1\n${CONTEXT}`],
    ['after another line', `-- mine\n${CONTEXT}SELECT 1`],
    ['without a line feed', CONTEXT.trimEnd()],
    ['that is not JSON', "-- Looker Query Context '{user_id:6}'\nSELECT 1"],
    ['with an unexpected value', `-- Looker Query Context '{"user_id":{"a":1}}'\nSELECT 1`],
    ['that is a list', "-- Looker Query Context '[6]'\nSELECT 1"],
    ['without quotes', '-- Looker Query Context {"user_id":6}\nSELECT 1'],
  ])('is not recognised in a comment %s', (_where, sql) => {
    expect(lookerRemark(sql)).toBeNull();
  });
});

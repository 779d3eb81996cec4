import { describe, expect, test } from 'vitest';
import { leadingRemarkOf, withoutLeadingRemark } from '../../../src/caller/remarks/leading-remark.ts';

const REMARK = '-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b\n';
const SQL = 'SELECT 1 -- Metabase:: userID: 99\n';

describe("Metabase's remark", () => {
  test('becomes labels, and leaves the query below it unchanged', () => {
    const remark = leadingRemarkOf(REMARK + SQL);

    expect(remark?.text).toBe(REMARK);
    expect(remark?.labels).toEqual({
      metabase_user_id: '12',
      metabase_query_type: 'mbql',
      metabase_query_hash: '0a1b',
    });
    expect(remark && withoutLeadingRemark(REMARK + SQL, remark)).toBe(SQL);
  });

  test('names the person, and the card by the hash of the query if there is no ID', () => {
    expect(leadingRemarkOf(REMARK + SQL)?.hints).toEqual({
      tool: 'metabase',
      person: '12',
      dashboard: null,
      card: '0a1b',
    });
  });

  test('names the dashboard and the card if it has their IDs', () => {
    const remark = leadingRemarkOf(
      `-- Metabase:: userID: 7 queryType: native queryHash: ff dashboardID: 3 cardID: 44\n${SQL}`,
    );

    expect(remark?.hints).toEqual({ tool: 'metabase', person: '7', dashboard: '3', card: '44' });
    expect(remark?.labels).toMatchObject({ metabase_dashboard_id: '3', metabase_card_id: '44' });
  });

  test('is no remark if it is longer than any tool writes, so that it stays in place', () => {
    const padded = (length: number) => `${REMARK.trimEnd()}${' '.repeat(length - REMARK.length)}\nSELECT 1`;

    expect(leadingRemarkOf(padded(4096))?.text).toHaveLength(4096);
    expect(leadingRemarkOf(padded(4097))).toBeNull();
  });

  test('gives labels for known keys only, with values valid for BigQuery', () => {
    const remark = leadingRemarkOf('-- Metabase:: userID: Ana@Example.com pulseId: 4\nSELECT 1');

    expect(remark?.labels).toEqual({ metabase_user_id: 'ana_example_com' });
  });

  test('is recognised when it is empty, but names nobody', () => {
    const remark = leadingRemarkOf('-- Metabase::\nSELECT 1');

    expect(remark).toEqual({
      text: '-- Metabase::\n',
      hints: { tool: 'metabase', person: null, dashboard: null, card: null },
      labels: {},
    });
  });

  test.each([
    ['below another line', `SELECT 1\n${REMARK}`],
    ['after white space', ` ${REMARK}SELECT 1`],
    ['after another comment', `-- nightly\n${REMARK}SELECT 1`],
    ['without a line feed, as the whole query', REMARK.trimEnd()],
    ['ending in a carriage return, so from another tool', '-- Metabase:: userID: 12\r\nSELECT 1'],
    ['in another spelling', `${REMARK.replace('Metabase', 'metabase')}SELECT 1`],
    ['of another tool', '-- Looker:: userID: 12\nSELECT 1'],
    ['as a block comment', '/* Metabase:: userID: 12 */\nSELECT 1'],
  ])('is recognised only at the very start of the SQL: not %s', (_where, sql) => {
    expect(leadingRemarkOf(sql)).toBeNull();
  });

  test('is removed only once: a second one below it stays', () => {
    const twice = `${REMARK}-- Metabase:: userID: 99\nSELECT 1`;
    const remark = leadingRemarkOf(twice);

    expect(remark?.hints.person).toBe('12');
    expect(remark && withoutLeadingRemark(twice, remark)).toBe('-- Metabase:: userID: 99\nSELECT 1');
  });
});

import { describe, expect, test } from 'vitest';
import { leadingRemarkOf, withoutLeadingRemark } from '../../../src/caller/remark.ts';

const REMARK = '-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b\n';
const SQL = 'SELECT 1 -- Metabase:: userID: 99\n';

describe("Metabase's remark", () => {
  test('becomes labels, and leaves the query as it was below it', () => {
    const remark = leadingRemarkOf(REMARK + SQL);

    expect(remark?.text).toBe(REMARK);
    expect(remark?.labels).toEqual({
      metabase_user_id: '12',
      metabase_query_type: 'mbql',
      metabase_query_hash: '0a1b',
    });
    expect(remark && withoutLeadingRemark(REMARK + SQL, remark)).toBe(SQL);
  });

  test('names the person, and the card by its hash where it has no ID', () => {
    expect(leadingRemarkOf(REMARK + SQL)?.hints).toEqual({
      tool: 'metabase',
      person: '12',
      dashboard: null,
      card: '0a1b',
    });
  });

  test('names the dashboard and the card where they are told', () => {
    const remark = leadingRemarkOf(
      `-- Metabase:: userID: 7 queryType: native queryHash: ff dashboardID: 3 cardID: 44\n${SQL}`,
    );

    expect(remark?.hints).toEqual({ tool: 'metabase', person: '7', dashboard: '3', card: '44' });
    expect(remark?.labels).toMatchObject({ metabase_dashboard_id: '3', metabase_card_id: '44' });
  });

  test('gives labels for what is known alone, folded to what BigQuery takes', () => {
    const remark = leadingRemarkOf('-- Metabase:: userID: Ana@Example.com pulseId: 4\nSELECT 1');

    expect(remark?.labels).toEqual({ metabase_user_id: 'ana_example_com' });
  });

  test('says nothing of anyone where it is empty, and is a remark all the same', () => {
    const remark = leadingRemarkOf('-- Metabase::\nSELECT 1');

    expect(remark).toEqual({
      text: '-- Metabase::\n',
      hints: { tool: 'metabase', person: null, dashboard: null, card: null },
      labels: {},
    });
  });

  test.each([
    ['below another line', `SELECT 1\n${REMARK}`],
    ['behind white space', ` ${REMARK}SELECT 1`],
    ['behind another remark', `-- nightly\n${REMARK}SELECT 1`],
    ['without a line feed, where it would be the whole query', REMARK.trimEnd()],
    ['ended by a carriage return, which another tool wrote', '-- Metabase:: userID: 12\r\nSELECT 1'],
    ['of another spelling', `${REMARK.replace('Metabase', 'metabase')}SELECT 1`],
    ['of another tool', '-- Looker:: userID: 12\nSELECT 1'],
    ['in a block', '/* Metabase:: userID: 12 */\nSELECT 1'],
  ])('counts at the very beginning alone: not %s', (_where, sql) => {
    expect(leadingRemarkOf(sql)).toBeNull();
  });

  test('is taken off once: a second one below it stays', () => {
    const twice = `${REMARK}-- Metabase:: userID: 99\nSELECT 1`;
    const remark = leadingRemarkOf(twice);

    expect(remark?.hints.person).toBe('12');
    expect(remark && withoutLeadingRemark(twice, remark)).toBe('-- Metabase:: userID: 99\nSELECT 1');
  });
});

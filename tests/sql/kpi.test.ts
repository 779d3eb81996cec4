import { describe, expect, test } from 'vitest';
import { kpiOf } from '../../src/sql/kpi.ts';

const defaults = { projectId: 'guardrail-demo', defaultDataset: null };
const kpi = (sql: string) => kpiOf(sql, defaults);

describe('the measure of a query', () => {
  test('does not depend on filters, limits, order or aliases', () => {
    const one = kpi(
      "SELECT channel AS canal, COUNT(*) AS n FROM atendimento.tickets WHERE status = 'open' GROUP BY 1 LIMIT 10",
    );
    const other = kpi(
      'SELECT t.channel, count(*) FROM `guardrail-demo.atendimento.tickets` AS t GROUP BY t.channel ORDER BY 2 DESC',
    );

    expect(one).toEqual({
      tables: ['guardrail-demo.atendimento.tickets'],
      aggregates: ['count(*)'],
      grouping: ['channel'],
    });
    expect(other).toEqual(one);
  });

  test.each([
    [
      'another aggregate',
      'SELECT channel, COUNT(DISTINCT agent_id) FROM atendimento.tickets GROUP BY channel',
    ],
    [
      'another condition within an aggregate',
      "SELECT channel, COUNTIF(status = 'open') FROM atendimento.tickets GROUP BY channel",
    ],
    ['another grouping', 'SELECT status, COUNT(*) FROM atendimento.tickets GROUP BY status'],
    ['another table', 'SELECT channel, COUNT(*) FROM atendimento.tickets_2024_backup GROUP BY channel'],
  ])('differs with %s', (_what, sql) => {
    expect(kpi(sql)).not.toEqual(kpi('SELECT channel, COUNT(*) FROM atendimento.tickets GROUP BY channel'));
  });

  test('resolves aliases, positions and ALL in GROUP BY', () => {
    const grouping = (by: string) =>
      kpi(`SELECT DATE(created_at) AS day, COUNT(*) AS n FROM atendimento.tickets GROUP BY ${by}`)?.grouping;

    expect(grouping('day')).toEqual(['date(created_at)']);
    expect(grouping('1')).toEqual(grouping('day'));
    expect(grouping('ALL')).toEqual(grouping('day'));
    expect(grouping('DATE(created_at)')).toEqual(grouping('day'));
  });

  test('compares string literals by their full content', () => {
    const aggregates = (text: string) =>
      kpi(`SELECT COUNTIF(body = ${text}) FROM atendimento.messages`)?.aggregates;

    expect(aggregates(String.raw`'it\'s'`)).not.toEqual(aggregates("'it__s'"));
  });

  test('is null if nothing is aggregated, or the SQL cannot be read', () => {
    expect(kpi('SELECT ticket_id FROM atendimento.tickets')).toBeNull();
    expect(kpi('SELECT FROM WHERE')).toBeNull();
  });
});

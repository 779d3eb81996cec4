import { describe, expect, test } from 'vitest';
import type { Background } from '../../../src/policy/policy.ts';
import { holds, MESSAGES } from './with-catalog.ts';

/** What was found behind a query. */
const BEHIND: Background = {
  hiddenCalls: {
    functions: ['TRIM', 'ML.PREDICT', 'AI.IF'],
    routines: ['p.d.remote', 'p.d.clean'],
    outsideRoutines: ['p.d.remote'],
    unread: ['p.d.hidden'],
  },
};

describe('facts of the query', () => {
  test.each([
    ['query.statement_type == "SELECT"', {}],
    ['query.read && query.limit == -1', {}],
    ['query.limit == 7', { sql: 'SELECT a FROM t LIMIT 7' }],
    ['!query.read', { sql: 'SELECT {{ jinja }} FROM' }],
    ['query.star', { sql: 'SELECT * FROM t' }],
    ['query.fingerprint.size() > 0', {}],
    ['query.bytes_billed == gib(2) && query.bytes_processed == mib(2048)', { bytes: 2n << 30n }],
    ['query.bytes_billed == tib(1) && query.cost > 6.24 && query.cost < 6.26', { bytes: 1n << 40n }],
    ['query.accuracy == "UPPER_BOUND"', { accuracy: 'UPPER_BOUND' as const }],
    ['query.joins_without_condition == 1', { sql: 'SELECT a FROM t, u' }],
    ['query.joins_without_condition == 0', { sql: 'SELECT a FROM t JOIN u USING (id)' }],
    ['query.subqueries == 1', { sql: 'SELECT a FROM t WHERE b IN (SELECT b FROM u)' }],
    ['"APPROX_COUNT_DISTINCT" in query.functions', { sql: 'SELECT approx_count_distinct(a) FROM t' }],
    ['"cross-join" in query.antipatterns', { sql: 'SELECT a FROM t CROSS JOIN u' }],
    ['query.antipatterns == []', { sql: "SELECT a FROM t WHERE b = 'x'" }],
    ['query.cached', { resultCached: true }],
    ['!query.cached', { resultCached: false }],
    ['!query.cached', {}],
    ['query.tables_complete', { references: Array<string>(49).fill(MESSAGES) }],
    ['!query.tables_complete', { references: Array<string>(50).fill(MESSAGES) }],
    ['query.outside_services == []', { sql: 'SELECT ML.BUCKETIZE(a, [1]) + ABS(b) FROM t' }],
    ['query.outside_services == ["AI.GENERATE"]', { sql: 'SELECT ai.generate(("say ", a)).result FROM t' }],
    ['"EXTERNAL_QUERY" in query.outside_services', { sql: "SELECT * FROM EXTERNAL_QUERY('c', 'SELECT 1')" }],
    ['query.outside_services.size() == 1', { sql: 'SELECT AI.IF(a), {{ unread }} FROM' }],
    ['query.routines == ["p.d.translate"]', { routines: ['p.d.translate'] }],
    ['query.routines == []', { sql: 'SELECT p.d.translate(a) FROM t' }],
    [
      'query.outside_services == ["AI.IF", "ML.PREDICT", "p.d.remote"]',
      { sql: 'SELECT AI.IF(a) FROM v', background: BEHIND },
    ],
    [
      'query.routines == ["p.d.first", "p.d.remote", "p.d.clean"]',
      { routines: ['p.d.first', 'p.d.remote'], background: BEHIND },
    ],
    ['query.functions == ["AI.IF"]', { sql: 'SELECT AI.IF(a) FROM v', background: BEHIND }],
    ['query.unread_definitions == ["p.d.hidden"]', { sql: 'SELECT a FROM v', background: BEHIND }],
    ['query.unread_definitions == []', { references: [MESSAGES], sql: 'SELECT body FROM messages' }],
    [
      'query.unread_definitions == ["guardrail-demo.atendimento.made"]',
      {
        references: [MESSAGES],
        sql: 'CREATE TABLE made AS SELECT body FROM messages; SELECT body FROM made',
      },
    ],
    [
      'query.unread_definitions == ["guardrail-demo.atendimento.v", "p.d.f"]',
      { sql: 'SELECT p.d.f(a) FROM v' },
    ],
  ])('%s', (condition, options) => {
    expect(holds(condition, options)).toBe(true);
  });
});

describe('facts of the caller and the clock', () => {
  test('are empty strings if unknown', () => {
    expect(holds('caller.person + caller.dashboard + caller.card + caller.tool == ""')).toBe(true);
    expect(holds('caller.principal == "" && caller.team == "unassigned"', { principal: null })).toBe(true);
  });

  test('include team, card and tool of the caller', () => {
    const caller = { tool: 'metabase', person: '12', dashboard: '3', card: '7' };
    expect(
      holds('caller.team == "atendimento" && caller.card == "7" && caller.tool == "metabase"', { caller }),
    ).toBe(true);
  });

  test("give the time in the policy's time zone", () => {
    const atMs = Date.UTC(2026, 10, 23, 1, 30);
    expect(holds('now.hour == 22 && now.weekday == 7 && now.date == "2026-11-22"', { atMs })).toBe(true);
  });
});

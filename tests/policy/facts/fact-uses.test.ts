import { describe, expect, test } from 'vitest';
import { PRICING, policyOf, type QueryOptions, question, TEAMS } from '../builders.ts';
import { BUDGETS, MESSAGES, policyWhen } from '../looked-up.ts';

describe('the sources of facts to look up', () => {
  const options = {
    sql: 'SELECT a FROM tickets',
    references: [MESSAGES, 'guardrail-demo.atendimento.agents'],
  };
  const sources = (condition: string, changes: QueryOptions = {}) => {
    const policy = policyWhen(condition);
    const found = policy.sourcesFor(question(policy, { ...options, ...changes }));
    const definitions = found.definitions.map(({ tableId }) => tableId);
    return { ...found, definitions, budgets: [...found.budgets] };
  };
  const nothing = { definitions: [], hiddenCalls: false, history: false, budgets: [] };

  test('are none if no rule uses such facts', () => {
    expect(sources('query.star && query.bytes_billed > gib(1) && caller.team == "history"')).toEqual(nothing);
  });

  test('are none if only rules for other teams use such facts', () => {
    expect(
      sources('history.runs > 1 && query.tables.exists(t, t.cluster_filter)', {
        principal: 'metabase-finops@x.example',
      }),
    ).toEqual(nothing);
  });

  test('include the definitions of tables whose partition column is not in the catalog', () => {
    expect(sources('query.tables.exists(t, !t.partition_filter)')).toEqual({
      ...nothing,
      definitions: ['tickets', 'agents'],
    });
  });

  test.each([
    'SELECT a FROM tickets JOIN messages ON x = y WHERE created_at > @since',
    'DECLARE since DATE; SELECT a FROM tickets JOIN messages ON x = y WHERE messages.created_at > since',
  ])('include those of all tables if the SQL does not say whose column filters: %s', (sql) => {
    expect(sources('query.tables.exists(t, !t.partition_filter)', { sql })).toEqual({
      ...nothing,
      definitions: ['tickets', 'messages', 'agents'],
    });
  });

  test.each([
    'query.tables.exists(t, t.cluster_filter)',
    'query.tables[0].clustered_by.size() > 0',
    'query.tables[0]["cluster_filter"]',
    'query.tables.exists(t, t.kind == "EXTERNAL")',
  ])('include the definitions of all tables if a rule uses what only these tell: %s', (condition) => {
    expect(sources(condition)).toEqual({ ...nothing, definitions: ['tickets', 'messages', 'agents'] });
  });

  const hidden = [
    'query.outside_services.size() > 0',
    '"p.d.f" in query.routines',
    'query["unread_definitions"] != []',
  ];

  test.each(hidden)('include what is behind views if a rule uses what only that tells: %s', (condition) => {
    expect(sources(condition)).toEqual({ ...nothing, hiddenCalls: true });
  });

  test.each(hidden)(
    'include what is behind functions, also if only the dry run names them: %s',
    (condition) => {
      const plain = { sql: 'SELECT body FROM messages', references: [MESSAGES] };
      expect(sources(condition, { ...plain, routines: ['p.d.f'] })).toEqual({
        ...nothing,
        hiddenCalls: true,
      });
      expect(sources(condition, plain)).toEqual(nothing);
    },
  );

  test('include no definition for anti-patterns if those of the query do not depend on one', () => {
    const sql = 'SELECT REGEXP_CONTAINS(x, "abc") FROM UNNEST(["abc"]) AS x';
    expect(sources('"cross-join" in query.antipatterns', { sql })).toEqual(nothing);
  });

  test('include the history and the budgets that a condition or message names', () => {
    expect(sources('history.runs > 1 || budget("day").share > 0.5')).toEqual({
      ...nothing,
      history: true,
      budgets: ['day'],
    });
    const message = `\${string(budget("month").left)} \${string(history.runs)}`;
    const rule = `rules: [{ name: r, mode: warn, when: "true", message: '${message}' }]\n`;
    const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}${BUDGETS}${rule}` });
    expect(policy.sourcesFor(question(policy))).toEqual({
      definitions: [],
      hiddenCalls: false,
      history: true,
      budgets: new Set(['month']),
    });
  });

  test('include at most a hundred definitions', () => {
    const references = Array.from({ length: 150 }, (_, n) => `guardrail-demo.atendimento.t${n}`);
    expect(sources('query.tables[0].cluster_filter', { references }).definitions).toHaveLength(100);
  });
});

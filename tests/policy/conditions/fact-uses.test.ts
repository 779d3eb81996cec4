import { describe, expect, test } from 'vitest';
import { type Asked, PRICING, policyOf, question, TEAMS } from '../builders.ts';
import { BUDGETS, MESSAGES, policyWhen } from '../looked-up.ts';

describe('what is looked up', () => {
  const asked = { sql: 'SELECT a FROM tickets', references: [MESSAGES, 'guardrail-demo.atendimento.agents'] };
  const sources = (condition: string, changes: Asked = {}) => {
    const policy = policyWhen(condition);
    const { definitions, history, budgets } = policy.sourcesFor(question(policy, { ...asked, ...changes }));
    return { definitions: definitions.map(({ tableId }) => tableId), history, budgets: [...budgets] };
  };
  const nothing = { definitions: [], history: false, budgets: [] };

  test('is nothing where no rule asks for it', () => {
    expect(sources('query.star && query.bytes_billed > gib(1) && caller.team == "history"')).toEqual(nothing);
  });

  test('is nothing where only rules for other teams ask for it', () => {
    expect(
      sources('history.runs > 1 && query.tables.exists(t, t.cluster_filter)', {
        principal: 'metabase-finops@x.example',
      }),
    ).toEqual(nothing);
  });

  test('are definitions of tables whose partition column the catalog does not say', () => {
    expect(sources('query.tables.exists(t, !t.partition_filter)')).toEqual({
      ...nothing,
      definitions: ['tickets', 'agents'],
    });
  });

  test.each([
    'query.tables.exists(t, t.cluster_filter)',
    'query.tables[0].clustered_by.size() > 0',
    'query.tables[0]["cluster_filter"]',
  ])('are definitions of all tables where clusters are asked for: %s', (condition) => {
    expect(sources(condition)).toEqual({ ...nothing, definitions: ['tickets', 'messages', 'agents'] });
  });

  test('is no definition for anti-patterns, where the query has none that hangs on it', () => {
    const sql = 'SELECT REGEXP_CONTAINS(x, "abc") FROM UNNEST(["abc"]) AS x';
    expect(sources('"cross-join" in query.antipatterns', { sql })).toEqual(nothing);
  });

  test('is the history, and are the budgets that are named, also in a message', () => {
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
      history: true,
      budgets: new Set(['month']),
    });
  });

  test('are a hundred definitions at most', () => {
    const references = Array.from({ length: 150 }, (_, n) => `guardrail-demo.atendimento.t${n}`);
    expect(sources('query.tables[0].cluster_filter', { references }).definitions).toHaveLength(100);
  });
});

import { describe, expect, test } from 'vitest';
import { holds, MESSAGES } from './with-catalog.ts';

describe('facts of tables', () => {
  test('treat a table behind a view as being used like the view', () => {
    const messages = (condition: string, sql: string) =>
      holds(`query.tables.exists(t, t.name == "${MESSAGES}" && ${condition})`, {
        sql,
        references: [MESSAGES],
      });
    expect(messages('t.star && !t.partition_filter', 'SELECT * FROM messages_view')).toBe(true);
    expect(
      messages('t.partition_filter', "SELECT * FROM messages_view WHERE created_at > '2026-01-01'"),
    ).toBe(true);
    expect(messages('t.partition_filter', 'SELECT * FROM messages_view WHERE 1 = 0')).toBe(true);
    expect(messages('t.star', 'SELECT body FROM messages_view')).toBe(false);
    expect(messages('t.star', 'SELECT a.body, b.* FROM messages_view AS a, messages_view_2 AS b')).toBe(true);
    expect(messages('"sender" in t.tested', 'SELECT body FROM messages_view HAVING sender IS NULL')).toBe(
      true,
    );
  });

  test('give a table behind a table function the star of the function, and no partition filter', () => {
    const messages = (condition: string, sql: string) =>
      holds(`query.tables.exists(t, t.name == "${MESSAGES}" && ${condition})`, {
        sql,
        references: [MESSAGES, 'guardrail-demo.atendimento.tickets'],
      });
    const beside = "FROM tickets AS t JOIN d.f(1) AS x USING (id) WHERE t.created_at > '2026-01-01'";
    expect(messages('t.star && !t.partition_filter', `SELECT x.* ${beside}`)).toBe(true);
    expect(messages('!t.star && !t.partition_filter', `SELECT x.body ${beside}`)).toBe(true);
    expect(messages('t.star', 'SELECT v.*, x.body FROM a_view AS v JOIN d.f(1) AS x USING (id)')).toBe(true);
    expect(
      messages('"sender" in t.tested', 'SELECT x.body FROM a_view AS v, d.f(1) AS x HAVING v.sender IS NULL'),
    ).toBe(true);
    expect(messages('"created_at" in t.tested', `SELECT x.body ${beside.replace('tickets', 'a_view')}`)).toBe(
      true,
    );
    expect(messages('!t.partition_filter', 'SELECT x.body FROM a_view, d.f(1) AS x WHERE FALSE')).toBe(true);
    expect(messages('!t.partition_filter', "SELECT body FROM d.f(1) WHERE created_at > '2026-01-01'")).toBe(
      true,
    );
  });

  test('count a table behind several views or wildcards as filtered only if each of them is filtered', () => {
    const isFiltered = (table: string, sql: string) =>
      holds(`query.tables.exists(t, t.name == "${table}" && t.partition_filter)`, {
        sql,
        references: [table],
      });
    const union = (first: string, second: string) =>
      `SELECT body FROM ${first} WHERE created_at > '2026-01-01' UNION ALL SELECT body FROM ${second}`;
    const wildcards = (second: string) =>
      `SELECT a FROM \`events_*\` WHERE _PARTITIONTIME > '2026-01-01' UNION ALL SELECT a FROM \`events_2026*\` ${second}`;
    const EVENTS = 'guardrail-demo.atendimento.events_20261101';

    expect(isFiltered(MESSAGES, union('messages_view', 'other_view'))).toBe(false);
    expect(isFiltered(MESSAGES, union('messages_view', "other_view WHERE created_at > '2026-02-01'"))).toBe(
      true,
    );
    expect(isFiltered(EVENTS, wildcards(''))).toBe(false);
    expect(isFiltered(EVENTS, wildcards("WHERE _PARTITIONTIME > '2026-02-01'"))).toBe(true);
  });

  test('do not attribute a star over another table to the table behind a view', () => {
    const sql = 'SELECT t.*, v.body FROM tickets AS t JOIN messages_view AS v ON t.id = v.id';
    const references = [MESSAGES, 'guardrail-demo.atendimento.tickets'];
    expect(holds(`query.tables.exists(t, t.name == "${MESSAGES}" && t.star)`, { sql, references })).toBe(
      false,
    );
  });
});

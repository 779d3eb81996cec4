import { describe, expect, test } from 'vitest';
import { holds, MESSAGES } from './with-catalog.ts';

describe('facts of tables', () => {
  test.each([
    'guardrail-demo.atendimento.messages',
    'atendimento.messages',
    'atendimento.*',
    'guardrail-demo.atend*',
    '*.messages',
  ])('show that a query reads %s, by its SQL or its dry run', (pattern) => {
    expect(holds(`query.reads("${pattern}")`, { sql: 'SELECT body FROM messages' })).toBe(true);
    expect(holds(`query.reads("${pattern}")`, { references: [MESSAGES] })).toBe(true);
    expect(
      holds(`query.reads("${pattern}")`, {
        sql: 'SELECT subject FROM other.tickets2',
        references: ['p.other.tickets2'],
      }),
    ).toBe(false);
  });

  test('give status, owner and replacement from the catalog, where an exact entry beats a pattern', () => {
    const ofFirst = (condition: string, sql: string) => holds(`query.tables[0].${condition}`, { sql });
    expect(
      ofFirst('status == "governed" && query.tables[0].owner == "dados"', 'SELECT a FROM messages'),
    ).toBe(true);
    expect(ofFirst(`replacement == "${MESSAGES}"`, 'SELECT a FROM old_export')).toBe(true);
    expect(ofFirst('status == "legacy"', 'SELECT a FROM old_export')).toBe(true);
    expect(ofFirst('status == "governed"', 'SELECT a FROM old_but_kept')).toBe(true);
    expect(ofFirst('status == "unknown"', 'SELECT a FROM nowhere')).toBe(true);
  });

  test('list columns by how they are used', () => {
    expect(
      holds(
        'query.tables.exists(t, "body" in t.projected && "sender" in t.filtered && t.dataset == "atendimento" && t.project == "guardrail-demo")',
        {
          sql: "SELECT body FROM messages WHERE sender = 'x'",
        },
      ),
    ).toBe(true);
  });

  test('count a filter on the column in the catalog, otherwise on a pseudo column, as a partition filter', () => {
    const filtered = (sql: string) => holds('query.tables.exists(t, t.partition_filter)', { sql });
    expect(filtered("SELECT body FROM messages WHERE CREATED_AT > '2026-01-01'")).toBe(true);
    expect(filtered("SELECT body FROM messages WHERE DATE(created_at) = '2026-01-01'")).toBe(true);
    expect(filtered("SELECT body FROM messages WHERE sender = 'x'")).toBe(false);
    expect(filtered("SELECT a FROM events WHERE _PARTITIONTIME > '2026-01-01'")).toBe(true);
    expect(filtered("SELECT a FROM events WHERE created_at > '2026-01-01'")).toBe(false);
  });

  test('are of each table once, and of its own filter, though the dry run names the tables too', () => {
    const tables = ['messages', 'tickets'].map((name) => `guardrail-demo.atendimento.${name}`);
    const sql = "SELECT m.body FROM messages AS m, tickets AS t WHERE m.created_at > '2026-01-01'";

    expect(
      holds('query.tables.filter(t, t.partition_filter).size() == 1 && query.tables.size() == 2', {
        sql,
        references: tables,
      }),
    ).toBe(true);
  });
});

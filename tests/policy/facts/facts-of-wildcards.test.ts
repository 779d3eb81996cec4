import { describe, expect, test } from 'vitest';
import type { QueryOptions } from '../builders.ts';
import { holds, MESSAGES } from './with-catalog.ts';

describe('facts of tables', () => {
  test.each([
    ['atendimento.messages', '`mess*`', true],
    ['guardrail-demo.atendimento.messages', '`guardrail-demo.atendimento.*`', true],
    ['*.messages', '`mess*`', true],
    ['atendimento.messages_*', '`messages_2026*`', true],
    ['atendimento.mess*', '`messages_2026*`', true],
    ['atendimento.tickets', '`mess*`', false],
    ['other.messages', '`mess*`', false],
    ['atendimento.messages', '`messages_*`', false],
    ['*sages', '`mess*`', true],
    ['*.pii_*', '`pi*`', true],
    ['*.pii_*', '`messages_2026*`', false],
    ['*.other.messages', '`mess*`', false],
    ['atendimento.messages', 'message', false],
    ['guardrail-*.other.*', '`mess*`', false],
  ])(
    'show that a query may read %s by the wildcard %s, of which the dry run tells no more: %s',
    (pattern, wildcard, may) => {
      const references = [`guardrail-demo.atendimento.${wildcard.replaceAll('`', '').split('.').at(-1)}`];

      expect(holds(`query.reads("${pattern}")`, { sql: `SELECT a FROM ${wildcard}`, references })).toBe(may);
    },
  );

  test.each([
    ['SELECT * FROM `mess*`', `t.name == "${MESSAGES}" && t.star && !t.partition_filter`],
    [
      "SELECT * FROM `mess*` WHERE created_at > '2026-01-01'",
      `t.name == "${MESSAGES}" && t.star && t.partition_filter`,
    ],
    ['SELECT a FROM `ol*`', `t.status == "legacy" && t.replacement == "${MESSAGES}"`],
    ['SELECT a FROM `old_but_k*`', 't.name.endsWith(".old_but_kept") && t.status == "governed"'],
    ['SELECT a FROM `old_but_kept*`', 't.name.endsWith(".old_but_kept") && t.status == "governed"'],
  ])(
    'know the tables of the catalog that a wildcard reads, as being used like the wildcard: %s',
    (sql, condition) => {
      expect(holds(`query.tables.exists(t, ${condition})`, { sql })).toBe(true);
      expect(
        holds('query.tables.exists(t, t.name.contains("old_")) && query.reads("other.*")', { sql }),
      ).toBe(false);
    },
  );

  describe('of a wildcard, the catalog’s tables that _TABLE_SUFFIX excludes', () => {
    const mayReadLegacy = (sql: string, options: QueryOptions = {}) =>
      holds('query.tables.exists(t, t.status == "legacy")', {
        sql,
        references: ['guardrail-demo.atendimento.ol*'],
        ...options,
      });

    test.each([
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX BETWEEN 'x_2026' AND 'x_2027'",
      "SELECT a FROM `ol*` WHERE a > 1 AND _TABLE_SUFFIX = 'x_2026'",
      "SELECT a FROM `ol*` AS t, UNNEST(b) WHERE t._table_suffix IN ('x_2026', 'x_2027')",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX >= 'e'",
      "SELECT a FROM `ol*` WHERE 'e' <= _TABLE_SUFFIX",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX < 'c'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX LIKE 'x%'",
    ])('are not read: %s', (sql) => {
      expect(mayReadLegacy(sql)).toBe(false);
    });

    test.each([
      'SELECT a FROM `ol*`',
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX <= 'e'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX BETWEEN 'd_2026' AND 'd_2027'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX IN ('x', 'd_2027')",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX = 'x' OR a > 1",
      "SELECT a FROM `ol*` WHERE NOT _TABLE_SUFFIX = 'x'",
      'SELECT a FROM `ol*` WHERE _TABLE_SUFFIX = @suffix',
      "SELECT a FROM `ol*` WHERE UPPER(_TABLE_SUFFIX) = 'X'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX LIKE 'd_m%'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX >= '\\x20'",
      "SELECT a FROM `ol*` AS t FULL JOIN `zz*` AS u ON t.i = u.i WHERE t._TABLE_SUFFIX = 'x'",
      "SELECT a FROM `ol*` WHERE _TABLE_SUFFIX = 'x' UNION ALL SELECT a FROM `ol*`",
      "SELECT a FROM `ol*` WHERE d.f(a) AND _TABLE_SUFFIX = 'x'",
      "SELECT a FROM `ol*` JOIN v USING (i) WHERE _TABLE_SUFFIX = 'x'",
    ])('may be read if that is not certain: %s', (sql) => {
      expect(mayReadLegacy(sql)).toBe(true);
    });

    test('may be read by a function that the dry run names', () => {
      const sql = "SELECT f(a) FROM `ol*` WHERE _TABLE_SUFFIX = 'x'";
      expect(mayReadLegacy(sql, { routines: ['p.d.f'] })).toBe(true);
    });
  });

  test('know the tables of the catalog that a wildcard reads behind a view', () => {
    const references = ['guardrail-demo.atendimento.mess*'];

    expect(
      holds(`query.tables.exists(t, t.name == "${MESSAGES}" && t.star)`, {
        sql: 'SELECT * FROM v',
        references,
      }),
    ).toBe(true);
  });

  test('treat a table matched by a wildcard as being used like the wildcard', () => {
    const sql = "SELECT * FROM `guardrail-demo.atendimento.events_*` WHERE _PARTITIONTIME > '2026-01-01'";
    const references = ['guardrail-demo.atendimento.events_2026'];
    expect(
      holds('query.tables.exists(t, t.name.endsWith("events_2026") && t.star && t.partition_filter)', {
        sql,
        references,
      }),
    ).toBe(true);
    expect(
      holds('query.tables.exists(t, t.name.endsWith("events_2026") && "a" in t.projected && !t.star)', {
        sql: 'SELECT e.a, m.*, v.* FROM `events_*` AS e, `messages_*` AS m, some_view AS v',
        references,
      }),
    ).toBe(true);
  });
});

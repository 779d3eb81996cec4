import { describe, expect, test } from 'vitest';
import type { Background } from '../../../src/policy/policy.ts';
import { hits, PRICING, policyOf, type QueryOptions, TEAMS } from '../builders.ts';

const CATALOG = `
catalog:
  tables:
    - { table: guardrail-demo.atendimento.messages, status: governed, owner: dados, partition_column: Created_At }
    - { table: guardrail-demo.atendimento.old_*, status: legacy, replacement: guardrail-demo.atendimento.messages }
    - { table: guardrail-demo.atendimento.old_but_kept, status: governed }
`;
const MESSAGES = 'guardrail-demo.atendimento.messages';

/** Whether a condition holds for a query. */
function holds(condition: string, options: QueryOptions = {}): boolean {
  const rule = `rules:\n  - name: r\n    mode: audit\n    when: ${JSON.stringify(condition)}\n`;
  const ruleErrors: { rule: string; message: string }[] = [];
  const policy = policyOf(
    { 'a.yaml': `time_zone: America/Sao_Paulo${TEAMS}${PRICING}${CATALOG}${rule}` },
    ruleErrors,
  );
  const result = hits(policy, options).length > 0;
  expect(ruleErrors).toEqual([]);
  return result;
}

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

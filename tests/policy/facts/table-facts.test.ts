import { describe, expect, test } from 'vitest';
import type { Background } from '../../../src/policy/policy.ts';
import type { SqlReading } from '../../../src/vocabulary/reading.ts';
import type { TableDefinition } from '../../../src/vocabulary/table-definition.ts';
import { question } from '../builders.ts';
import { definition, holds, MESSAGES, policyWhen, TICKETS, withDefinition } from '../looked-up.ts';

describe('a condition that never holds', () => {
  const background = {
    definitions: new Map([
      [TICKETS, definition({ partitionColumn: 'opened_at', clusterColumns: ['status'] })],
    ]),
  };

  test.each(['partition_filter', 'cluster_filter'])('is a %s of any table', (fact) => {
    const isFiltered = (sql: string) => holds(`query.tables.all(t, t.${fact})`, { sql, background });

    expect(isFiltered('SELECT * FROM tickets WHERE FALSE')).toBe(true);
    expect(isFiltered('SELECT * FROM tickets WHERE FALSE UNION ALL SELECT * FROM tickets')).toBe(false);
  });
});

describe('a filter that the SQL gives to no table', () => {
  const sql = "SELECT a FROM tickets JOIN agents ON tickets.agent = agents.id WHERE opened_at > '2026-01-01'";
  const AGENTS = 'guardrail-demo.atendimento.agents';
  const columns = (...names: readonly string[]) => names.map((name) => ({ name, type: 'DATE' }));
  const opened = definition({ columns: columns('Opened_At', 'agent'), partitionColumn: 'Opened_At' });
  const isFiltered = (definitions: readonly (readonly [string, TableDefinition])[]) =>
    holds('query.tables[0].partition_filter', { sql, background: { definitions: new Map(definitions) } });

  test('counts if only one of the tables has the column', () => {
    expect(
      isFiltered([
        [TICKETS, opened],
        [AGENTS, definition({ columns: columns('id') })],
      ]),
    ).toBe(true);
  });

  test.each([
    ['another has it too', [[AGENTS, definition({ columns: columns('id', 'OPENED_AT') })]]],
    ['nobody knows the columns of another', []],
    ['another has no columns', [[AGENTS, definition()]]],
  ] as const)('does not count if %s', (_what, others) => {
    expect(isFiltered([[TICKETS, opened], ...others])).toBe(false);
  });

  test('counts whatever tables the query only writes, or filters elsewhere by a column of that name', () => {
    const copied = `CREATE TABLE sums AS ${sql}`;
    const both = `${sql} UNION ALL SELECT a FROM notes WHERE opened_at > '2026-01-01'`;
    const owner = new Map([
      [TICKETS, opened],
      [AGENTS, definition({ columns: columns('id') })],
    ]);
    const own = `query.tables.exists(t, t.name == "${TICKETS}" && t.partition_filter)`;

    for (const text of [copied, both])
      expect(holds(own, { sql: text, background: { definitions: owner } }), text).toBe(true);
  });

  test.each(['_PARTITIONTIME', '_PARTITIONDATE'])(
    'counts by load time, in %s, of the table that has such partitions',
    (column) => {
      const byLoadTime = sql.replace('opened_at', column);
      const loaded = definition({ columns: columns('agent'), partitionColumn: '_PARTITIONTIME' });
      const filters = (other: TableDefinition) =>
        holds('query.tables[0].partition_filter', {
          sql: byLoadTime,
          background: {
            definitions: new Map([
              [TICKETS, loaded],
              [AGENTS, other],
            ]),
          },
        });

      expect(filters(definition({ columns: columns('id') }))).toBe(true);
      expect(filters(definition({ columns: columns('id'), partitionColumn: '_PARTITIONTIME' }))).toBe(false);
    },
  );

  test.each([
    ['no table has a column', 'id', true],
    ['the other table has a column', 'Since', false],
  ])('counts beside a variable if %s of that name', (_what, column, expected) => {
    const definitions = new Map([
      [TICKETS, opened],
      [AGENTS, definition({ columns: columns(column) })],
    ]);
    const script = `DECLARE since DATE; ${sql.replace("'2026-01-01'", 'since')}`;

    expect(holds('query.tables[0].partition_filter', { sql: script, background: { definitions } })).toBe(
      expected,
    );
  });

  test.each([
    ['nobody knows the columns of the other table', ['Opened_At'], [], true],
    ['no table has a column', ['Opened_At'], ['id', 'agent'], true],
    ['another has a column', ['Opened_At'], ['id', 'Since'], false],
    ['it has a column', ['Opened_At', 'Since'], ['id', 'agent'], false],
  ])('counts with the table named, beside a variable, if %s of that name', (_what, own, names, expected) => {
    const definitions = new Map([
      [TICKETS, definition({ columns: columns(...own), partitionColumn: 'Opened_At' })],
    ]);
    if (names.length > 0) definitions.set(AGENTS, definition({ columns: columns(...names) }));
    const fact = `query.tables.exists(t, t.name == "${TICKETS}" && t.partition_filter)`;

    for (const [from, condition] of [
      ['', ''],
      ['WITH tickets AS (SELECT * FROM atendimento.tickets)', ''],
      ['', "AND agents.since > '2026-01-01'"],
    ])
      expect(
        holds(fact, {
          sql: `DECLARE since DATE; ${from} SELECT a FROM tickets JOIN agents ON agent = id WHERE tickets.opened_at > since ${condition}`,
          background: { definitions },
        }),
        `${from} ${condition}`,
      ).toBe(expected);
  });

  test('is not known without the definitions, even if the catalog says how the table is partitioned', () => {
    const policy = policyWhen('query.tables[0].partition_filter');
    const doubtsOn = (from: string) =>
      policy.doubtsOn(question(policy, { sql: `SELECT a FROM ${from} WHERE created_at > '2026-01-01'` }));

    expect(doubtsOn('messages JOIN agents ON x = y').map(({ rule }) => rule)).toEqual(['r']);
    expect(doubtsOn('messages')).toEqual([]);
  });
});

describe("facts of a table's own definition", () => {
  const first = (condition: string, sql: string, background: Background = {}) =>
    holds(`query.tables[0].${condition}`, { sql, background });

  test('count a filter on the partitioning column as a partition filter', () => {
    const background = withDefinition({ partitionColumn: 'Opened_At' });
    const sql = (column: string) => `SELECT a FROM tickets WHERE ${column} > '2026-01-01'`;

    expect(first('partitioned_by == "opened_at"', sql('opened_at'), background)).toBe(true);
    expect(first('partition_filter', sql('OPENED_AT'), background)).toBe(true);
    expect(first('partition_filter', sql('_PARTITIONTIME'), background)).toBe(false);
    expect(first('partition_filter', sql('opened_at'))).toBe(false);
  });

  test('are overridden by the partition column in the catalog', () => {
    const background = withDefinition({ partitionColumn: 'other' }, MESSAGES);
    expect(first('partitioned_by == "created_at"', 'SELECT a FROM messages', background)).toBe(true);
    expect(first('partition_filter', "SELECT a FROM messages WHERE other = '1'", background)).toBe(false);
  });

  test('count a filter on either pseudo column of an ingestion-time partitioned table as a partition filter', () => {
    const background = withDefinition({ partitionColumn: '_PARTITIONTIME' });
    const sql = "SELECT a FROM tickets WHERE _PARTITIONDATE = '2026-01-01'";
    expect(first('partition_filter', sql, background)).toBe(true);
    expect(first('partitioned_by == "_partitiontime"', sql, background)).toBe(true);
  });

  test('count a filter on the first clustering column as a cluster filter, but not one on a later column', () => {
    const background = withDefinition({ clusterColumns: ['Status', 'channel'] });
    const by = (column: string) =>
      first('cluster_filter', `SELECT a FROM tickets WHERE ${column} = 'x'`, background);

    expect([by('status'), by('channel'), by('a')]).toEqual([true, false, false]);
    expect(first('clustered_by == ["status", "channel"]', 'SELECT a FROM tickets', background)).toBe(true);
  });

  test('say what kind of table it is', () => {
    const sql = 'SELECT a FROM tickets';

    expect(first('kind == "EXTERNAL"', sql, withDefinition({ kind: 'EXTERNAL' }))).toBe(true);
    expect(first('kind == ""', sql)).toBe(true);
  });

  test('are empty for a table without a known definition', () => {
    expect(first('clustered_by == [] && query.tables[0].partitioned_by == ""', 'SELECT a FROM tickets')).toBe(
      true,
    );
  });
});

describe('anti-patterns', () => {
  const span = { start: 0, end: 6 };
  const certain = { name: 'cross-join', span, table: null, column: null, onlyIf: null } as const;
  const candidate = {
    name: 'function-around-partition-column',
    span,
    table: TICKETS,
    column: 'opened_at',
    onlyIf: { kind: 'partitioned-by-column' },
  } as const;
  const small = {
    name: 'join-order',
    span,
    table: TICKETS,
    column: null,
    onlyIf: { kind: 'smaller-than', table: MESSAGES },
  } as const;

  function withFindings(condition: string, antiPatterns: SqlReading['antiPatterns'], background: Background) {
    const policy = policyWhen(condition);
    const plain = question(policy, { sql: 'SELECT a FROM tickets, messages', background });
    const found = { ...plain, reading: { ...plain.reading, antiPatterns } };
    return {
      holds: policy.decide(found).hits.length > 0,
      lookedUp: policy.sourcesFor(found).definitions.map(({ tableId }) => tableId),
    };
  }

  test('are listed by name, each once', () => {
    const both = [certain, { ...certain, span: { start: 7, end: 9 } }];
    expect(withFindings('query.antipatterns == ["cross-join"]', both, {})).toEqual({
      holds: true,
      lookedUp: [],
    });
  });

  test('that depend on a partition column are listed only if the table is known to be partitioned by it', () => {
    const condition = '"function-around-partition-column" in query.antipatterns';
    const known = withDefinition({ partitionColumn: 'Opened_At' });
    expect(withFindings(condition, [candidate], known)).toEqual({ holds: true, lookedUp: ['tickets'] });
    expect(withFindings(condition, [candidate], {}).holds).toBe(false);
    const ofMessages = { ...candidate, table: MESSAGES, column: 'created_at' };
    expect(withFindings(condition, [ofMessages], {}).holds).toBe(true);
  });

  test('that depend on sizes have all tables looked up', () => {
    expect(withFindings('"join-order" in query.antipatterns', [small], {})).toEqual({
      holds: false,
      lookedUp: ['tickets', 'messages'],
    });
  });
});

test('columns are listed by their use in joins and groups too, also for a table behind a view', () => {
  const sql = 'SELECT t.a FROM tickets AS t JOIN messages AS m ON t.id = m.ticket_id GROUP BY t.a';
  expect(
    holds('query.tables.exists(t, "ticket_id" in t.joined && t.name.endsWith("messages"))', { sql }),
  ).toBe(true);
  expect(holds('query.tables.exists(t, "a" in t.grouped && t.name.endsWith("tickets"))', { sql })).toBe(true);
  expect(
    holds('query.tables.exists(t, t.name.endsWith("behind") && "a" in t.grouped && "id" in t.joined)', {
      sql,
      references: ['guardrail-demo.atendimento.behind'],
    }),
  ).toBe(true);
});

test('a view behind a view is a table of the query, if the dry run names it; the filter of the outer one counts for it', () => {
  const told = {
    sql: "SELECT a FROM outer_view WHERE created_at > '2026-01-01'",
    references: ['guardrail-demo.atendimento.behind'],
    views: ['guardrail-demo.atendimento.outer_view', 'guardrail-demo.atendimento.inner_view'],
  };

  expect(holds('query.reads("atendimento.inner_view")', told)).toBe(true);
  expect(holds('query.tables.size() == 3', told)).toBe(true);
  expect(holds('query.tables.exists(t, t.name.endsWith("behind") && "created_at" in t.filtered)', told)).toBe(
    true,
  );
});

test('columns in conditions that filter nothing, or only one of several reads, are tested', () => {
  const isTested = 'query.tables.exists(t, "cpf" in t.tested && !("cpf" in t.filtered))';
  const references = ['guardrail-demo.atendimento.behind'];

  expect(holds(isTested, { sql: 'SELECT a FROM tickets WHERE cpf IS NOT NULL' })).toBe(true);
  expect(
    holds(isTested, { sql: "SELECT a FROM tickets WHERE cpf = '1' UNION ALL SELECT a FROM tickets" }),
  ).toBe(true);
  expect(holds(isTested, { sql: "SELECT a FROM tickets WHERE cpf = '1'" })).toBe(false);
  expect(
    holds('query.tables.exists(t, t.name.endsWith("behind") && "cpf" in t.tested)', {
      sql: "SELECT t.a FROM tickets AS t JOIN messages AS m ON t.id = m.ticket_id WHERE t.cpf = '1'",
      references,
    }),
  ).toBe(true);
});

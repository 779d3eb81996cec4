import { describe, expect, test } from 'vitest';
import type { Background } from '../../src/policy/policy.ts';
import type { SqlReading } from '../../src/vocabulary/reading.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import type { TableDefinition } from '../../src/vocabulary/table-definition.ts';
import { type Asked, errorsIn, hits, PRICING, policyOf, question, TEAMS } from './builders.ts';

const GIB = 1n << 30n;
const MESSAGES = 'guardrail-demo.atendimento.messages';
const TICKETS = 'guardrail-demo.atendimento.tickets';

const CATALOG = `
catalog:
  tables:
    - { table: ${MESSAGES}, partition_column: created_at }
`;
const BUDGETS = `
budgets:
  - { name: day, team: atendimento, window: day, limit: 20 GiB }
  - { name: month, team: atendimento, window: month, limit: 300 BRL }
  - { name: slots, team: finops, window: day, limit: 40 slot-hours }
`;

/** A policy whose only rule, for one team, holds where a condition does. */
function policyWhen(condition: string, told: { rule: string; message: string }[] = []) {
  const rule = `rules: [{ name: r, mode: audit, teams: [atendimento], when: ${JSON.stringify(condition)} }]\n`;
  return policyOf({ 'a.yaml': `${TEAMS}${PRICING}${CATALOG}${BUDGETS}${rule}` }, told);
}

/** Whether a condition holds for a query. */
function holds(condition: string, asked: Asked = {}): boolean {
  const told: { rule: string; message: string }[] = [];
  const result = hits(policyWhen(condition, told), asked).length > 0;
  expect(told).toEqual([]);
  return result;
}

function definition(changes: Partial<TableDefinition> = {}): TableDefinition {
  const [projectId = '', datasetId = '', tableId = ''] = TICKETS.split('.');
  return {
    table: { projectId, datasetId, tableId },
    kind: 'TABLE',
    columns: [],
    partitionColumn: null,
    partitionType: null,
    requiresPartitionFilter: false,
    clusterColumns: [],
    bytes: null,
    ...changes,
  };
}

const withDefinition = (changes: Partial<TableDefinition>, name = TICKETS): Background => ({
  definitions: new Map([[name, definition(changes)]]),
});

describe("facts of a table's own definition", () => {
  const first = (condition: string, sql: string, background: Background = {}) =>
    holds(`query.tables[0].${condition}`, { sql, background });

  test('a filter on the column that the table is partitioned by is a partition filter', () => {
    const background = withDefinition({ partitionColumn: 'Opened_At', partitionType: 'DAY' });
    const sql = (column: string) => `SELECT a FROM tickets WHERE ${column} > '2026-01-01'`;

    expect(first('partitioned_by == "opened_at"', sql('opened_at'), background)).toBe(true);
    expect(first('partition_filter', sql('OPENED_AT'), background)).toBe(true);
    expect(first('partition_filter', sql('_PARTITIONTIME'), background)).toBe(false);
    expect(first('partition_filter', sql('opened_at'))).toBe(false);
  });

  test("the catalog's column wins", () => {
    const background = withDefinition({ partitionColumn: 'other' }, MESSAGES);
    expect(first('partitioned_by == "created_at"', 'SELECT a FROM messages', background)).toBe(true);
    expect(first('partition_filter', "SELECT a FROM messages WHERE other = '1'", background)).toBe(false);
  });

  test('a table partitioned by load time is filtered by either pseudo column', () => {
    const background = withDefinition({ partitionColumn: '_PARTITIONTIME', partitionType: 'DAY' });
    const sql = "SELECT a FROM tickets WHERE _PARTITIONDATE = '2026-01-01'";
    expect(first('partition_filter', sql, background)).toBe(true);
    expect(first('partitioned_by == "_partitiontime"', sql, background)).toBe(true);
  });

  test('a filter on the first column of the clustering is a cluster filter, one on a later column is none', () => {
    const background = withDefinition({ clusterColumns: ['Status', 'channel'] });
    const by = (column: string) =>
      first('cluster_filter', `SELECT a FROM tickets WHERE ${column} = 'x'`, background);

    expect([by('status'), by('channel'), by('a')]).toEqual([true, false, false]);
    expect(first('clustered_by == ["status", "channel"]', 'SELECT a FROM tickets', background)).toBe(true);
  });

  test('a table of which nothing is known has no clusters', () => {
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
    const asked = question(policy, { sql: 'SELECT a FROM tickets, messages', background });
    const found = { ...asked, reading: { ...asked.reading, antiPatterns } };
    return {
      holds: policy.decide(found).hits.length > 0,
      lookedUp: policy.sourcesFor(found).definitions.map(({ tableId }) => tableId),
    };
  }

  test('are facts by their names, each once', () => {
    const both = [certain, { ...certain, span: { start: 7, end: 9 } }];
    expect(withFindings('query.antipatterns == ["cross-join"]', both, {})).toEqual({
      holds: true,
      lookedUp: [],
    });
  });

  test('that hang on a partition column are, where the table is known to be partitioned by it', () => {
    const condition = '"function-around-partition-column" in query.antipatterns';
    const known = withDefinition({ partitionColumn: 'Opened_At' });
    expect(withFindings(condition, [candidate], known)).toEqual({ holds: true, lookedUp: ['tickets'] });
    expect(withFindings(condition, [candidate], {}).holds).toBe(false);
    const ofMessages = { ...candidate, table: MESSAGES, column: 'created_at' };
    expect(withFindings(condition, [ofMessages], {}).holds).toBe(true);
  });

  test('that hang on sizes have all tables looked up', () => {
    expect(withFindings('"join-order" in query.antipatterns', [small], {})).toEqual({
      holds: false,
      lookedUp: ['tickets', 'messages'],
    });
  });
});

test('columns are known by joins and groups too, also behind a view', () => {
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

describe('facts of history', () => {
  const atMs = Date.UTC(2026, 10, 24, 12);
  const usd = (micros: bigint) => ({ currency: 'USD', micros });

  test('tell how often, at what cost and when it ran last', () => {
    const background = {
      history: {
        runs: 20,
        medianCost: usd(1_500_000n),
        p95Cost: usd(4_000_000n),
        lastSeenMs: atMs - 5_400_000,
      },
    };
    const condition =
      'history.known && history.runs == 20 && history.median_cost == 1.5 && history.p95_cost == 4.0 && history.last_seen_hours == 1.5';
    expect(holds(condition, { atMs, background })).toBe(true);
  });

  test('of a query that never ran are known to be nothing', () => {
    const background = { history: { runs: 0, medianCost: null, p95Cost: null, lastSeenMs: null } };
    const nothing = 'history.runs == 0 && history.p95_cost == -1.0 && history.last_seen_hours == -1.0';
    expect(holds(`history.known && ${nothing}`, { background })).toBe(true);
    expect(holds(`!history.known && ${nothing}`)).toBe(true);
  });

  test('never lie in the future, whatever clocks say', () => {
    const background = { history: { runs: 1, medianCost: usd(1n), p95Cost: usd(1n), lastSeenMs: atMs + 9 } };
    expect(holds('history.last_seen_hours == 0.0', { atMs, background })).toBe(true);
  });
});

describe('facts of a budget', () => {
  const policy = policyWhen('true');
  const balance = (name: string, changes: Partial<BudgetBalance>): BudgetBalance => {
    const budget = policy.budgets.find((one) => one.name === name);
    if (budget === undefined) throw new Error(`no budget ${name}`);
    const window = { key: '2026-11-24', startMs: 0, endMs: 1 };
    return { budget, account: '', window, limit: 0n, granted: 0n, used: 0n, reserved: 0n, ...changes };
  };

  test('tell what is used, reserved and left, and the share', () => {
    const balances = [balance('day', { limit: 20n * GIB, used: 14n * GIB, reserved: 2n * GIB })];
    const condition =
      'budget("day").covers && budget("day").known && budget("day").share == 0.8 && budget("day").used == double(gib(14)) && budget("day").reserved == double(gib(2)) && budget("day").left == double(gib(4)) && budget("day").limit > gib(19)';
    expect(holds(condition, { background: { balances } })).toBe(true);
  });

  test("are in the limit's own unit", () => {
    const balances = [
      balance('month', { limit: 300_000_000n, used: 310_500_000n }),
      balance('slots', { limit: 144_000_000n, used: 5_400_000n }),
    ];
    const condition =
      'budget("month").used == 310.5 && budget("month").left == 0.0 && budget("month").share > 1.03 && budget("slots").limit == 40.0 && budget("slots").used == 1.5';
    expect(holds(condition, { background: { balances } })).toBe(true);
  });

  test('that does not cover the query, or is not known, are those of an untouched one', () => {
    const untouched =
      '!budget("day").covers && budget("day").share == 0.0 && budget("day").left == double(gib(20))';
    expect(holds(`budget("day").known && ${untouched}`, { background: { balances: [] } })).toBe(true);
    expect(holds(`!budget("day").known && ${untouched}`)).toBe(true);
  });

  test('of nothing are all taken', () => {
    const balances = [balance('day', { limit: 0n })];
    expect(holds('budget("day").share == 1.0', { background: { balances } })).toBe(true);
  });

  const rule = (when: string, message = 'm') =>
    errorsIn(`version: 1
${BUDGETS}
rules:
  - name: r
    mode: warn
    when: ${when}
    message: ${message}
`);

  test('that is not defined are an error at its letter, with the likely name', () => {
    expect(rule(`budget("day").share > 0.5 && budget("mnth").share > 0.5`)).toEqual([
      'policies/a.yaml:11:47: there is no budget mnth; expected one of day, month, slots; did you mean "month"?',
    ]);
    expect(rule('true', `left \${string(budget("dia").left)}`)).toEqual([
      expect.stringMatching(
        /^policies\/a.yaml:12:35: there is no budget dia; expected one of day, month, slots/,
      ),
    ]);
  });

  test('of no name that is written out are an error', () => {
    expect(rule('budgets["day"].share > 0.5')).toEqual([expect.stringContaining('budget("name")')]);
    expect(rule('budget(caller.team).share > 0.5')).toEqual([
      expect.stringMatching(/budget\(\) takes the name of a budget, in quotes/),
    ]);
  });
});

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

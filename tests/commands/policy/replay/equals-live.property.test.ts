import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WITHOUT_BUDGETS } from '../../../../src/commands/policy/replay/budgets.ts';
import { createRejudge } from '../../../../src/commands/policy/replay/judge.ts';
import type { Background, FactSources, Policy } from '../../../../src/policy/policy.ts';
import {
  outcomeUnder,
  type PastQuery,
  pastOutcome,
  sureHits,
} from '../../../../src/reports/replay/outcomes.ts';
import { readSql } from '../../../../src/sql/read-sql.ts';
import { applyRetention } from '../../../../src/sql/tokens/sql-retention.ts';
import { GIB, TIB } from '../../../../src/vocabulary/bytes.ts';
import type { Estimate } from '../../../../src/vocabulary/estimate.ts';
import type { SqlRetention } from '../../../../src/vocabulary/policy.ts';
import { costOf } from '../../../../src/vocabulary/pricing.ts';
import type { TableDefinition } from '../../../../src/vocabulary/table-definition.ts';
import { PRICING, policyOf, TEAMS } from '../../../policy/builders.ts';
import { decision } from '../../../records/builders.ts';

const PROJECT = 'p';
const DEFAULTS = { projectId: PROJECT, defaultDataset: { datasetId: 'd' } };

/** About what the SQL, the dry run, the caller and the clock say, which records hold. */
const ON_RECORD = [
  'query.star',
  'query.bytes_billed > gib(1)',
  'query.cost > 0.005',
  'query.tables.exists(t, t.name == "p.d.known" && t.star && !t.partition_filter)',
  'query.reads("d.*") && query.limit < 0',
  'query.antipatterns.exists(a, a == "select-star")',
  'query.accuracy != "PRECISE" || query.statement_type == "SCRIPT"',
  'caller.person == "ana" && now.hour >= 12',
  'now.date < "2026-11-16" || now.weekday > 5',
  'query.tables[1].star',
];
/** About what is looked up while a query waits. */
const LOOKED_UP = [
  'query.tables.exists(t, t.partitioned_by != "" && !t.partition_filter)',
  'query.tables.exists(t, t.star && t.kind == "VIEW")',
  'query.tables.all(t, t.cluster_filter)',
  'history.runs > 3 && query.star',
  'history.known && query.cost > history.p95_cost',
  'budget("day").share > 0.5 || query.star',
  'query.antipatterns.exists(a, a == "no-partition-filter")',
  'query.unread_definitions.size() > 0',
  'query.outside_services.size() > 0',
];

const rule = fc.record({
  mode: fc.constantFrom('audit', 'warn', 'deny'),
  when: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...ON_RECORD) },
    { weight: 1, arbitrary: fc.constantFrom(...LOOKED_UP) },
  ),
  parts: fc.tuple(
    fc.constantFrom('', '', 'teams: [finops]', 'teams: [atendimento, unassigned]'),
    fc.constantFrom('', '', 'rollout: 50%'),
    fc.constantFrom('', '', 'on_error: allow', 'on_error: deny'),
    fc.constantFrom('', '', 'maximum_bytes_billed: 2 GiB'),
  ),
  date: fc.constantFrom('', 'enforce_from: 2026-11-10', 'enforce_from: 2026-11-25'),
  exempt: fc.constantFrom(null, null, 'person: "metabase:ana"', 'table: d.known', 'table: d.other'),
});

type Written = typeof rule extends fc.Arbitrary<infer T> ? T : never;

function policyWith(written: readonly Written[]): Policy {
  const rules = written.map(({ mode, when, parts, date }, index) => {
    const more = [...parts, mode === 'audit' ? '' : date].filter((part) => part !== '');
    return `  - { name: r${index}, mode: ${mode}, when: '${when}', message: no, ${more.join(', ')} }\n`;
  });
  const exemptions = written.flatMap(({ exempt }, index) =>
    exempt === null
      ? []
      : [`  - { rule: r${index}, ${exempt}, owner: ana, reason: closing, until: 2026-11-20 }\n`],
  );
  return policyOf({
    'a.yaml': `time_zone: America/Sao_Paulo\n${TEAMS}${PRICING}
budgets: [{ name: day, team: finops, window: day, limit: 1 GiB }]
catalog: { tables: [{ table: p.d.known, partition_column: day }] }
rules:
${rules.join('')}${exemptions.length === 0 ? '' : `exemptions:\n${exemptions.join('')}`}`,
  });
}

const query = fc.record({
  sql: fc.constantFrom(
    'SELECT * FROM known',
    'SELECT a FROM d.known WHERE day = "2026-11-01" LIMIT 5',
    'SELECT * FROM other',
    'SELECT k.*, o.a FROM known AS k JOIN d.other AS o USING (a)',
    'SELECT d.shorten(a) AS a FROM other WHERE day > "2026-01-01"',
    'SELECT AI.GENERATE(a) AS a FROM known',
    'DECLARE x INT64; SELECT a FROM d.other;',
    'SELECT a FROM WHERE ((',
  ),
  principal: fc.constantFrom('metabase@x.example', 'metabase-finops@x.example', 'nobody@x.example', null),
  person: fc.constantFrom('ana', 'rui', null),
  atMs: fc.integer({ min: Date.UTC(2026, 10, 1), max: Date.UTC(2026, 10, 29) }),
  bytes: fc.constantFrom(0n, GIB / 2n, 3n * GIB, TIB),
  accuracy: fc.constantFrom('PRECISE' as const, 'UPPER_BOUND' as const, 'LOWER_BOUND' as const),
  retention: fc.constantFrom<SqlRetention>('stored', 'masked', 'hashed', 'dropped'),
  isDefined: fc.boolean(),
  runs: fc.constantFrom(0, 10),
  isView: fc.boolean(),
});

type Asked = typeof query extends fc.Arbitrary<infer T> ? T : never;

/** The query as it was judged with everything looked up, and recorded. */
function lived(policy: Policy, asked: Asked): PastQuery {
  const reading = readSql(asked.sql, DEFAULTS);
  const { principal, person, atMs, bytes, accuracy } = asked;
  const team = policy.teamOf(principal);
  const tables = reading.tables.map(({ table }) => table);
  const estimate: Estimate = {
    principal,
    statementType: reading.statement,
    location: 'US',
    bytesProcessed: bytes,
    bytesBilled: bytes,
    accuracy,
    referencedTables: tables.filter(({ tableId }) => tableId !== 'other' || !asked.isView),
    madeAtMs: atMs,
  };
  const tariff = { model: 'on demand', currency: 'USD', microsPerTib: 6_250_000n } as const;
  const cost = costOf({ bytesBilled: bytes, slotMs: 0n }, tariff);
  const caller = { principal, team: team.name, tool: 'metabase', person, dashboard: null, card: null };
  const background = backgroundOf(asked, policy.sourcesFor({ team, reading, estimate }));
  const { hits } = policy.decide({ reading, estimate, cost, caller, team, atMs, background });
  const denied = hits.find(({ mode }) => mode === 'deny');
  const { routines: _notRecorded, ...recorded } = reading;
  return {
    ...decision({ id: 'd', atMs, projectId: PROJECT, caller, estimate, estimatedCost: cost, hits }),
    sql: applyRetention(asked.sql, asked.retention),
    sqlRetention: asked.retention,
    reading: recorded,
    outcome: denied === undefined ? 'admitted' : 'refused',
    cause: denied?.rule ?? null,
    settlement: null,
  };
}

function backgroundOf({ isDefined, runs, isView }: Asked, sources: FactSources): Background {
  const definitions = sources.definitions.map((table): readonly [string, TableDefinition] => [
    `p.d.${table.tableId}`,
    {
      table,
      kind: isView ? 'VIEW' : 'TABLE',
      columns: [],
      partitionColumn: 'day',
      clusterColumns: ['a'],
      bytes: GIB,
    },
  ]);
  const cost = { currency: 'USD', micros: 1n } as const;
  return {
    definitions: new Map(isDefined ? definitions : []),
    history: { runs, medianCost: cost, p95Cost: cost, lastSeenMs: null },
    balances: [],
    ...(sources.hiddenCalls && {
      hiddenCalls: {
        functions: isView ? ['AI.GENERATE'] : [],
        routines: [],
        outsideRoutines: [],
        unread: isDefined ? [] : ['p.d.shorten'],
      },
    }),
  };
}

test('a replay by the same policy gives every query the outcome and the hits that it had, or says that it does not know', () => {
  const seen = { sure: 0, unknown: 0, refused: 0, warned: 0 };

  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), query, (written, asked) => {
      const policy = policyWith(written);
      const past = lived(policy, asked);

      const rejudge = createRejudge(policy, {
        asOfMs: asked.atMs,
        budgets: WITHOUT_BUDGETS,
        slotTimes: { expectedFor: () => 0n },
      });
      const now = rejudge(past);

      const inDoubt = new Set(now.doubts.map(({ rule: name }) => name));
      const shown = ({ rule: name, mode, eased }: (typeof past.hits)[number]) => ({ name, mode, eased });
      expect(sureHits(now).map(shown)).toEqual(
        past.hits.filter(({ rule: name }) => !inDoubt.has(name)).map(shown),
      );
      const outcome = outcomeUnder(now);
      if (outcome !== 'unknown') expect(outcome).toBe(pastOutcome(past));
      seen[outcome === 'unknown' ? 'unknown' : 'sure'] += 1;
      if (outcome === 'refused by a rule') seen.refused += 1;
      if (outcome === 'warned') seen.warned += 1;
    }),
    { numRuns: 150 },
  );

  // Or else the property would say little.
  expect(seen.sure).toBeGreaterThan(60);
  for (const count of [seen.unknown, seen.refused, seen.warned]) expect(count).toBeGreaterThan(2);
}, 120_000);

test('a rule that is known not to hold leaves no doubt, though it asks for what no record holds', () => {
  const policy = policyWith([
    {
      mode: 'deny',
      when: 'query.tables.exists(t, t.name == "p.d.wide" && t.clustered_by.size() == 0)',
      parts: ['', '', '', ''],
      date: '',
      exempt: null,
    },
  ]);
  const past = lived(policy, {
    sql: 'SELECT * FROM other',
    principal: null,
    person: null,
    atMs: Date.UTC(2026, 10, 2),
    bytes: GIB,
    accuracy: 'PRECISE',
    retention: 'stored',
    isDefined: false,
    runs: 0,
    isView: false,
  });

  const slotTimes = { expectedFor: () => 0n };
  const now = createRejudge(policy, { asOfMs: past.atMs, budgets: WITHOUT_BUDGETS, slotTimes })(past);

  expect(now.doubts).toEqual([]);
  expect(outcomeUnder(now)).toBe('admitted');
});

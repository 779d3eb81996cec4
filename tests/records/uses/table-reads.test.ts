import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { enterDecisions, enterSettlements } from '../../../src/records/enter.ts';
import { tableReads } from '../../../src/records/uses/table-reads.ts';
import type { Decision, Settlement } from '../../../src/vocabulary/decision.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, estimateOf, settlement } from '../builders.ts';

const atMs = decision().atMs;
const span = { fromMs: atMs, toMs: atMs + 1_000 };
const MESSAGES = 'guardrail-demo.atendimento.messages';
const TICKETS = 'guardrail-demo.atendimento.tickets';
const at = (tableId: string) => ({ projectId: 'guardrail-demo', datasetId: 'atendimento', tableId });

interface Run {
  readonly decision?: Partial<Decision>;
  readonly settlement?: Partial<Settlement>;
}

async function readsOf(...runs: readonly Run[]) {
  const ledger = await freshLedger();
  for (const [i, run] of runs.entries()) {
    const made = decision({ id: `d${i}`, ...run.decision });
    const settled = settlement({ decisionId: made.id, ...run.settlement });
    await ledger.write(async (db) => {
      await enterDecisions(db, [made]);
      await enterSettlements(db, [
        { settlement: settled, version: 1n, admittedAtMs: made.atMs, tariff: null },
      ]);
    });
  }
  return tableReads(ledger.read, span);
}

const use = (tableId: string, projected: readonly string[], star = false) => ({
  table: at(tableId),
  star,
  projected,
  filtered: ['created_at'],
  joined: [],
  grouped: [],
});
const reading = (...tables: readonly ReturnType<typeof use>[]) => ({ ...decision().reading, tables });

test('a column that is only in a condition is read too', async () => {
  const tested = { ...use('tickets', ['subject']), filtered: [], tested: ['closed_at'] };

  const reads = await readsOf({ decision: { reading: { ...decision().reading, tables: [tested] } } });

  expect([...(reads.get(TICKETS)?.columns?.keys() ?? [])].sort()).toEqual(['closed_at', 'subject']);
});

test('reads are summed up by table, with the readers and the columns that they name', async () => {
  const caller = decision().caller;
  const reads = await readsOf(
    { decision: { reading: reading(use('tickets', ['subject', 'created_at'])) } },
    {
      decision: {
        atMs: atMs + 10,
        reading: reading(use('tickets', ['id'], true)),
        caller: { ...caller, team: 'finops', person: '13', dashboard: null },
      },
      settlement: { bytesBilled: 500n, cost: { currency: 'USD', micros: 30n } },
    },
    { decision: { reading: reading(use('tickets', ['subject'])) } },
  );

  expect(reads.get(TICKETS)).toEqual({
    isResolved: true,
    queries: 3,
    lastMs: atMs + 10,
    teams: new Map([
      [
        '["atendimento","USD"]',
        { team: 'atendimento', currency: 'USD', queries: 2, bytesBilled: 2000n, costMicros: 120n },
      ],
      [
        '["finops","USD"]',
        { team: 'finops', currency: 'USD', queries: 1, bytesBilled: 500n, costMicros: 30n },
      ],
    ]),
    persons: new Set(['["metabase","12"]', '["metabase","13"]']),
    principals: new Set([caller.principal]),
    dashboards: new Map([['["metabase","3"]', 2]]),
    columns: new Map([
      ['subject', 2],
      ['created_at', 3],
      ['id', 1],
    ]),
    allColumns: 1,
    unknownColumns: 0,
  });
});

test('a view counts under its own name, and the table behind it counts with unknown columns', async () => {
  const reads = await readsOf({
    decision: { reading: reading(use('open_tickets', ['subject'])), estimate: estimateOf(['tickets']) },
  });

  expect(reads.get('guardrail-demo.atendimento.open_tickets')).toMatchObject({
    isResolved: false,
    columns: new Map([
      ['subject', 1],
      ['created_at', 1],
    ]),
  });
  expect(reads.get(TICKETS)).toMatchObject({ isResolved: true, columns: new Map(), unknownColumns: 1 });
});

test('a view behind a view counts under its own name, if the dry run names it', async () => {
  const estimate = {
    ...estimateOf(['tickets']),
    referencedViews: [at('open_tickets'), at('clean_tickets')],
  };

  const reads = await readsOf({ decision: { reading: reading(use('open_tickets', ['subject'])), estimate } });

  expect(reads.get('guardrail-demo.atendimento.clean_tickets')).toMatchObject({
    isResolved: false,
    queries: 1,
    unknownColumns: 1,
  });
  expect(reads.get('guardrail-demo.atendimento.open_tickets')).toMatchObject({ unknownColumns: 0 });
});

test('queries read by the second parser have unknown columns, and tables that are written do not count as read', async () => {
  const reads = await readsOf({
    decision: {
      reading: { ...reading(use('messages', ['body'], true), use('copy', [])), reader: 'node-sql-parser' },
      estimate: estimateOf(['messages']),
      writes: [at('copy')],
    },
  });

  expect([...reads.keys()]).toEqual([MESSAGES]);
  expect(reads.get(MESSAGES)).toMatchObject({ unknownColumns: 1, allColumns: 0, columns: new Map() });
});

test('queries that did not run, or ran outside the period, do not count', async () => {
  const reads = await readsOf(
    { settlement: { source: 'not run', jobId: null } },
    { decision: { atMs: atMs - 1 } },
    { decision: { atMs: atMs + 1_000 } },
  );

  expect(reads.size).toBe(0);
});

test('queries beyond one page all count, even those within one millisecond', async () => {
  const reads = await readsOf(
    ...Array.from({ length: 450 }, (_, i) => ({ decision: { atMs: atMs + (i % 2) } })),
  );

  expect(reads.get(TICKETS)?.queries).toBe(450);
}, 60_000);

const ranQuery = fc.record({
  tables: fc.subarray(['tickets', 'messages'], { minLength: 1 }),
  // As a text may hold them, numbers and all.
  column: fc.constantFrom('id', '"n":1', '"n":2', '\\"n":3'),
  resolves: fc.boolean(),
  overheadMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  person: fc.constantFrom(null, '12', '13'),
  bytes: fc.bigInt({ min: 0n, max: 1n << 50n }),
});

test('queries that read the same are summed up as each by itself', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ranQuery, { minLength: 1, maxLength: 8 }), async (queries) => {
      const runs = queries.map(({ tables, column, resolves, overheadMs, person, bytes }) => ({
        decision: {
          reading: reading(...tables.map((name) => use(name, [column]))),
          estimate: resolves ? estimateOf(tables) : estimateOf([]),
          overheadMs,
          caller: { ...decision().caller, person },
        },
        settlement: { bytesBilled: bytes },
      }));

      const reads = await readsOf(...runs);

      for (const name of ['tickets', 'messages']) {
        const own = queries.filter(({ tables }) => tables.includes(name));
        const ofTable = reads.get(`guardrail-demo.atendimento.${name}`);
        expect(ofTable?.queries ?? 0).toBe(own.length);
        if (ofTable === undefined) continue;
        const bytes = own.reduce((sum, query) => sum + query.bytes, 0n);
        expect([...ofTable.teams.values()].map(({ bytesBilled }) => bytesBilled)).toEqual([bytes]);
        expect(ofTable.persons.size).toBe(new Set(own.flatMap(({ person }) => person ?? [])).size);
        expect(ofTable.columns.get('created_at')).toBe(own.length);
        for (const { column } of own) {
          expect(ofTable.columns.get(column)).toBe(own.filter((query) => query.column === column).length);
        }
      }
    }),
    { numRuns: 20 },
  );
});

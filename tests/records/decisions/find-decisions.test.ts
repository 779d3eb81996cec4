import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type DecisionFilter, findDecisions } from '../../../src/records/decisions/find-decisions.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { ruleUses } from '../../../src/records/uses/rule-uses.ts';
import { unreadUses } from '../../../src/records/uses/unread-uses.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { reading } from '../../vocabulary/readings.ts';
import { decision, estimateOf } from '../builders.ts';

const at = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 86_400_000;
const whole = { fromMs: at - 10 * DAY_MS, toMs: at + DAY_MS };

const base = decision({ reading: reading({ tables: [] }) });
const hit = (rule: string, changes = {}) => ({
  rule,
  mode: 'warn' as const,
  message: '',
  source: { file: 'policies/a.yaml', line: 3, column: 5 },
  ...changes,
});

/** As a query is recorded whose SQL names a view: the tables behind it are those of the dry run. */
function overView(sqlText: string, changes: Partial<Decision>): Decision {
  const { writes: _written, ...read } = readSql(sqlText, {
    projectId: 'guardrail-demo',
    defaultDataset: null,
  });
  return decision({ ...changes, reading: read });
}

const all: readonly Decision[] = [
  decision({ ...base, id: 'a', atMs: at, hits: [hit('large')], estimate: estimateOf(['tickets']) }),
  decision({
    ...base,
    id: 'b',
    atMs: at,
    outcome: 'refused',
    cause: 'no-star',
    hits: [hit('no-star', { mode: 'deny' })],
  }),
  decision({
    ...base,
    id: 'c',
    atMs: at - 1,
    caller: { ...base.caller, person: '15', dashboard: '4', team: 'finops' },
    estimate: estimateOf(['messages']),
    hits: [hit('large', { mode: 'audit', eased: { by: 'date', wouldBe: 'deny', from: '2026-12-01' } })],
  }),
  decision({
    ...base,
    id: 'd',
    atMs: at - DAY_MS,
    caller: { ...base.caller, tool: null, person: null },
    hits: [hit('large'), hit('large%')],
    reading: { ...base.reading, reader: 'none', unreadReason: 'it is odd', fingerprint: 'ffff' },
  }),
  decision({
    ...base,
    id: 'e',
    atMs: at - DAY_MS - 1,
    hits: [],
    estimate: estimateOf(['tickets', 'messages']),
  }),
];

async function filledLedger(): Promise<Ledger> {
  const ledger = await freshLedger();
  await ledger.write((db) => enterDecisions(db, all));
  return ledger;
}

describe('a search for decisions', () => {
  test('finds those that name a view, or could not be priced, by what their SQL names', async () => {
    const { read, write } = await freshLedger();
    const named = [
      overView('SELECT * FROM atendimento.daily_volume', { id: 'v1', estimate: estimateOf(['tickets']) }),
      overView('SELECT day FROM `guardrail-demo`.atendimento.Daily_volume AS v', {
        id: 'v2',
        estimate: null,
      }),
      overView('SELECT * FROM atendimento.daily_volumes', { id: 'v3', estimate: null }),
      overView('SELECT * FROM finops.daily_volume', { id: 'v4', estimate: null }),
    ];
    await write((db) => enterDecisions(db, named));
    const found = async (table: string) =>
      (await findDecisions(read, { table, limit: 10 })).map(({ id }) => id).toSorted();

    expect(await found('guardrail-demo.atendimento.daily_volume')).toEqual(['v1']);
    expect(await found('guardrail-demo.atendimento.Daily_volume')).toEqual(['v2']);
    expect(await found('guardrail-demo.atendimento.daily_*')).toEqual(['v1', 'v3']);
    expect(await found('guardrail-demo.finops.*')).toEqual(['v4']);
    expect(await found('daily_volume')).toEqual([]);
  });

  test('finds those over a wildcard that may read the table, as the page of legacy tables counts them', async () => {
    const { read, write } = await freshLedger();
    const over = (id: string) => decision({ ...base, id, estimate: estimateOf([id]) });
    await write((db) => enterDecisions(db, ['events_*', 'event*', 'events_2025*', 'events_2026'].map(over)));
    const found = async (table: string) =>
      (await findDecisions(read, { table: `guardrail-demo.atendimento.${table}`, limit: 10 }))
        .map(({ id }) => id)
        .toSorted();

    expect(await found('events_2026')).toEqual(['event*', 'events_*', 'events_2026']);
    expect(await found('events_2026*')).toEqual(['event*', 'events_*', 'events_2026']);
    expect(await found('even')).toEqual([]);
  });

  test.each<[string, Omit<DecisionFilter, 'limit'>, readonly string[]]>([
    ['all decisions, newest first', {}, ['b', 'a', 'c', 'd', 'e']],
    ['those of one team', { team: 'finops' }, ['c']],
    ['those with one outcome', { outcome: 'refused' }, ['b']],
    ['those that match a rule, by its whole name', { rule: 'large' }, ['a', 'c', 'd']],
    ['those of a rule whose name contains a pattern character', { rule: 'large%' }, ['d']],
    ['those of one dashboard and person', { dashboard: '4', person: '15' }, ['c']],
    ['those that read a table', { table: 'guardrail-demo.atendimento.messages' }, ['c', 'e']],
    ['those that read tables of a pattern', { table: 'guardrail-demo.atendimento.mess*' }, ['c', 'e']],
    ['those that read tables of a pattern, none', { table: 'guardrail-demo.atendimento.essages*' }, []],
    ['those with a fingerprint', { fingerprint: 'ffff' }, ['d']],
    ['those of a period', { fromMs: at - DAY_MS, toMs: at }, ['c', 'd']],
  ])('finds %s', async (_what, filter, ids) => {
    const { read } = await filledLedger();

    const found = await findDecisions(read, { ...filter, limit: 10 });

    expect(found.map(({ id }) => id)).toEqual(ids);
  });

  test('returns pages without gaps or repeats, even within a millisecond', async () => {
    const { read } = await filledLedger();
    const pages: string[] = [];
    let after: DecisionFilter['after'];
    for (let page = 0; page < all.length; page += 1) {
      const [one] = await findDecisions(read, { limit: 1, ...(after === undefined ? {} : { after }) });
      if (one === undefined) break;
      pages.push(one.id);
      after = { atMs: one.atMs, id: one.id };
    }

    expect(pages).toEqual(['b', 'a', 'c', 'd', 'e']);
  });
});

describe('the uses of rules', () => {
  test('are counted by rule, day, mode and cause of easing, with distinct people', async () => {
    const uses = await ruleUses((await filledLedger()).read, whole);

    const large = uses
      .filter(({ rule }) => rule === 'large')
      .toSorted((a, b) => a.dayMs - b.dayMs || (a.mode < b.mode ? -1 : 1));
    expect(
      large.map(({ dayMs, mode, heldBackBy, queries, people }) => [dayMs, mode, heldBackBy, queries, people]),
    ).toEqual([
      [Date.UTC(2026, 10, 23), 'warn', null, 1, [base.caller.principal]],
      [Date.UTC(2026, 10, 24), 'audit', 'date', 1, ['metabase:15']],
      [Date.UTC(2026, 10, 24), 'warn', null, 1, ['metabase:12']],
    ]);
    expect(large[0]).toMatchObject({ bytesBilled: 1000n, costMicros: new Map([['USD', 60n]]) });
  });

  test('leave out decisions outside the period', async () => {
    expect(await ruleUses((await filledLedger()).read, { fromMs: at + 1, toMs: at + DAY_MS })).toEqual([]);
  });
});

test('unread SQL is counted by team', async () => {
  expect(await unreadUses((await filledLedger()).read, whole)).toEqual([
    { team: 'atendimento', queries: 1, bytesBilled: 1000n },
  ]);
});

test('SQL of a job that bypassed guardrail is not counted as unread: no parser was given it', async () => {
  const ledger = await freshLedger();
  const unread = { ...base.reading, reader: 'none' as const, unreadReason: 'it bypassed guardrail' };
  const bypassed = decision({ ...base, outcome: 'unguarded', reading: unread });
  await ledger.write((db) => enterDecisions(db, [bypassed]));

  expect(await unreadUses(ledger.read, whole)).toEqual([]);
});

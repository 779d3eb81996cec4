import { describe, expect, test } from 'vitest';
import { enterDecisions, enterSettlements } from '../../src/records/enter.ts';
import { createRecords } from '../../src/records/records.ts';
import { rowOfDecision } from '../../src/records/rows.ts';
import type { Decision, Settlement } from '../../src/vocabulary/decision.ts';
import { MAX_AMOUNT } from '../../src/vocabulary/max-amount.ts';
import type { Easing } from '../../src/vocabulary/policy.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision, estimateOf, settlement } from './builders.ts';

async function freshRecords() {
  const ledger = await freshLedger();
  return {
    ...createRecords({ ledger }),
    record: (...decisions: readonly Decision[]) => ledger.write((db) => enterDecisions(db, decisions)),
    recordSettlement: (settlement: Settlement, version = 1n) =>
      ledger.write((db) =>
        enterSettlements(db, [{ settlement, version, admittedAtMs: decision().atMs, tariff: null }]),
      ),
  };
}

describe('decision records', () => {
  test('are read back exactly as written, with the settlement', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.recordSettlement(settlement());

    expect(await records.get('decision-1')).toEqual({ ...decision(), settlement: settlement() });
  });

  test('are read back with the tables that the query wrote', async () => {
    const records = await freshRecords();
    const byDay = { projectId: 'p', datasetId: 'd', tableId: 'by_day' };
    const written = decision({
      writes: [byDay],
      estimate: { ...estimateOf(['tickets']), ddlTarget: byDay },
    });
    await records.record(written);

    expect(await records.get(written.id)).toEqual({ ...written, settlement: null });
  });

  test('are read back for queries that could not be priced or read', async () => {
    const records = await freshRecords();
    const failed = decision({
      outcome: 'failed',
      cause: 'invalidQuery',
      estimate: null,
      estimatedCost: null,
      maximumBytesBilled: null,
      hits: [],
      caller: { principal: null, team: 'outros', tool: null, person: null, dashboard: null, card: null },
      reading: { ...decision().reading, reader: 'none', unreadReason: 'Jinja', tables: [], limit: null },
    });
    await records.record(failed);

    expect(await records.get('decision-1')).toEqual({ ...failed, settlement: null });
    expect(await records.get('decision-2')).toBeNull();
  });

  test('of a later version are read without the findings and reasons that only it knows', async () => {
    const ledger = await freshLedger();
    const finding = {
      name: 'select-star',
      span: { start: 7, end: 8 },
      table: null,
      column: null,
      onlyIf: null,
    };
    const [hit] = decision().hits;
    const hits = [{ ...hit, mode: 'audit' as const, eased: { by: 'moon', wouldBe: 'deny' } }];
    const antiPatterns = [
      finding,
      { ...finding, name: 'found-later' },
      { ...finding, onlyIf: { kind: 'it-rains' } },
    ];
    const row = rowOfDecision(decision());
    const details = JSON.parse(row.details);
    const later = JSON.stringify({ ...details, hits, reading: { ...details.reading, antiPatterns } });
    await ledger.write((db) =>
      db
        .insertInto('decisions')
        .values({ ...row, details: later })
        .execute(),
    );

    const record = await createRecords({ ledger }).get('decision-1');

    expect(record?.reading.antiPatterns).toEqual([finding]);
    expect(record?.hits).toEqual([{ ...hit, mode: 'audit' }]);
  });

  test.each<Easing>([
    { by: 'date', wouldBe: 'deny', from: '2026-12-01' },
    { by: 'roll-out', wouldBe: 'warn', share: '2.5%' },
    {
      by: 'exemption',
      wouldBe: 'deny',
      owner: 'ana',
      reason: 'fechamento',
      until: '2026-12-15',
      source: { file: 'policies/a.yaml', line: 9, column: 5 },
    },
  ])('say why a rule acted in a milder mode: $by', async (eased) => {
    const records = await freshRecords();
    const [hit] = decision().hits;
    const hits = hit === undefined ? [] : [{ ...hit, mode: 'audit' as const, eased }];
    await records.record(decision({ hits }));

    expect((await records.get('decision-1'))?.hits).toEqual(hits);
  });

  test('keep the first decision written under an ID', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.record(decision({ sql: 'SELECT 2' }));

    expect(await records.get('decision-1')).toEqual({ ...decision(), settlement: null });
  });

  test('show the settlement with the highest version, in whatever order they were written', async () => {
    const records = await freshRecords();
    await records.record(decision());

    const shown: (string | undefined)[] = [];
    for (const [source, version] of [
      ['response', 1n],
      ['reconciled', 3n],
      ['reconciled', 2n],
    ] as const) {
      await records.recordSettlement(settlement({ source, bytesBilled: version }), version);
      shown.push(String((await records.get('decision-1'))?.settlement?.bytesBilled));
    }

    expect(shown).toEqual(['1', '3', '3']);
  });

  test('accept a settlement before its decision', async () => {
    const records = await freshRecords();
    await records.recordSettlement(settlement());
    await records.record(decision());

    expect((await records.get('decision-1'))?.settlement).toEqual(settlement());
  });

  test('are listed newest first, by team and before an instant', async () => {
    const records = await freshRecords();
    for (const atMs of [1, 2, 3]) await records.record(decision({ id: `d${atMs}`, atMs }));
    await records.record(
      decision({ id: 'other', atMs: 4, caller: { ...decision().caller, team: 'finops' } }),
    );
    await records.recordSettlement(settlement({ decisionId: 'd1' }));

    const all = await records.list({ limit: 10 });
    const some = await records.list({ limit: 2, team: 'atendimento', toMs: 3 });

    expect(all.map(({ id }) => id)).toEqual(['other', 'd3', 'd2', 'd1']);
    expect(some.map(({ id, settlement }) => [id, settlement?.bytesBilled])).toEqual([
      ['d2', undefined],
      ['d1', 1000n],
    ]);
  });

  test('hold amounts up to 64 bits, and reject larger ones without writing anything', async () => {
    const records = await freshRecords();
    const { estimate } = decision();
    const tooMuch = estimate === null ? null : { ...estimate, bytesBilled: MAX_AMOUNT + 1n };

    await expect(records.record(decision({ estimate: tooMuch }))).rejects.toMatchObject({
      name: 'LedgerError',
      kind: 'amount out of range',
    });
    await expect(records.recordSettlement(settlement({ bytesBilled: -1n }))).rejects.toThrow(/cannot hold/);
    expect(await records.get('decision-1')).toBeNull();

    await records.record(decision({ maximumBytesBilled: MAX_AMOUNT }));
    expect((await records.get('decision-1'))?.maximumBytesBilled).toBe(MAX_AMOUNT);
  });
});

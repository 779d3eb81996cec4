import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_AMOUNT } from '../../src/ledger/amount.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { createRecords, type Records } from '../../src/records/records.ts';
import { temporaryFolder } from '../budget/builders.ts';
import { decision, settlement } from './builders.ts';

async function freshRecords(): Promise<Records> {
  const ledger = await openLedger(`sqlite:${join(await temporaryFolder(), 'ledger.db')}`);
  onTestFinished(() => ledger.close());
  return createRecords({ ledger });
}

describe('decision records', () => {
  test('come back just as they were written, with what the query came to', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.recordSettlement(settlement());

    expect(await records.get('decision-1')).toEqual({ ...decision(), settlement: settlement() });
  });

  test('come back of queries that could not be priced or read', async () => {
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

  test('keep what was written first', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.record(decision({ sql: 'SELECT 2' }));
    await records.recordSettlement(settlement());
    await records.recordSettlement(settlement({ bytesBilled: 5n, source: 'job' }));

    expect(await records.get('decision-1')).toEqual({ ...decision(), settlement: settlement() });
  });

  test('charges a job that a client asked for twice once, whatever its second decision says', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.record(decision({ id: 'decision-2' }));
    const first = settlement({ jobId: 'p:US.job' });

    await records.recordSettlement(first);
    const second = await records.recordSettlement({ ...first, decisionId: 'decision-2' });

    expect(second).toMatchObject({ bytesBilled: 0n, cost: { micros: 0n }, source: 'repeated' });
    expect((await records.get('decision-1'))?.settlement).toEqual(first);
    expect((await records.get('decision-2'))?.settlement).toEqual(second);
  });

  test('show what is known in place of what was assumed, whichever came first', async () => {
    const records = await freshRecords();
    const assumed = settlement({ source: 'assumed', jobId: null });
    await records.record(decision());

    await records.recordSettlement(assumed);
    const before = await records.get('decision-1');
    await records.recordSettlement(settlement({ bytesBilled: 5n }));
    await records.recordSettlement(assumed);
    const after = await records.get('decision-1');

    expect(before?.settlement).toEqual(assumed);
    expect(after?.settlement).toEqual(settlement({ bytesBilled: 5n }));
  });

  test('take a settlement before its decision', async () => {
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
    const some = await records.list({ limit: 2, team: 'atendimento', beforeMs: 3 });

    expect(all.map(({ id }) => id)).toEqual(['other', 'd3', 'd2', 'd1']);
    expect(some.map(({ id, settlement }) => [id, settlement?.bytesBilled])).toEqual([
      ['d2', undefined],
      ['d1', 1000n],
    ]);
  });

  test('hold amounts up to the end of 64 bits, and refuse the next with nothing written', async () => {
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

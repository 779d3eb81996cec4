import { describe, expect, it } from 'vitest';
import { createRecords } from '../../../src/records/records.ts';
import { balances } from '../../../src/reports/reconciliation/report.ts';
import { TIB } from '../../../src/vocabulary/bytes.ts';
import type { Prices } from '../../../src/vocabulary/pricing.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { job, noon, pricing, withSlots } from './builders.ts';
import { admit, reconciled, settle } from './with-books.ts';

/** So many micros for each byte, everywhere. */
function withPrice(microsPerByte: bigint): Prices {
  return { byLocation: new Map(), otherwise: microsPerByte * TIB };
}

describe('corrections', () => {
  it('that cannot be entered in today’s currency are reported, and the others are entered', async () => {
    const ledger = await freshLedger();
    const { books, tryToCorrect } = reconciled(ledger, { ...pricing, currency: 'BRL' });
    await admit(books, { id: 'open' });
    const labelled = job({ jobId: 'of-open', labelledDecision: 'open' });

    const { entered, refused } = await tryToCorrect([labelled, job({ jobId: 'past' })]);

    expect(entered).toBe(1);
    expect(refused).toEqual([
      expect.stringContaining('Decision open was reserved in USD, and settles in BRL.'),
    ]);
  });

  it('settle differing decisions at what the warehouse billed, and missing ones at nothing', async () => {
    const ledger = await freshLedger();
    const { books, report, correct } = reconciled(ledger);
    await admit(books, { id: 'differs' });
    await settle(books, { decisionId: 'differs' });
    await admit(books, { id: 'missing' });
    await settle(books, { decisionId: 'missing', jobId: 'guardrail-demo:US.gone' });
    const jobs = [job({ bytesBilled: 130n })];

    expect(await correct(jobs)).toBe(2);

    const records = createRecords({ ledger });
    expect((await records.get('differs'))?.settlement).toMatchObject({
      source: 'reconciled',
      bytesBilled: 130n,
      cost: { currency: 'USD', micros: 130n },
    });
    expect((await records.get('missing'))?.settlement).toMatchObject({
      source: 'reconciled',
      bytesBilled: 0n,
      jobId: null,
    });
    expect(balances(await report(jobs))).toBe(true);
    expect(await correct(jobs)).toBe(0);
  });

  it('settle open and assumed decisions by their jobs, which take no negative time under a wrong clock', async () => {
    const ledger = await freshLedger();
    const { books, report, correct } = reconciled(ledger);
    await admit(books, { id: 'open' });
    await admit(books, { id: 'assumed' });
    await settle(books, { decisionId: 'assumed', jobId: null, source: 'assumed' });
    const ends = { open: noon + 2000, assumed: noon - 1 };
    const jobs = (['open', 'assumed'] as const).map((id) =>
      job({ jobId: `of-${id}`, labelledDecision: id, endedAtMs: ends[id] }),
    );

    expect((await report(jobs)).findings.map(({ kind }) => kind)).toEqual(['unsettled', 'unsettled']);
    expect(await correct(jobs)).toBe(2);
    expect((await report(jobs)).counts.agrees).toEqual({ decisions: 2, jobs: 2 });
    const records = createRecords({ ledger });
    expect((await records.get('open'))?.settlement?.durationMs).toBe(2000);
    expect((await records.get('assumed'))?.settlement?.durationMs).toBe(0);
  });

  it('enter jobs that bypassed guardrail once, under their principal and team', async () => {
    const ledger = await freshLedger();
    const { report, correct } = reconciled(ledger);
    const jobs = [job({ principal: 'bob@example.com', sqlStart: 'SELECT * FROM t' })];

    await correct(jobs);
    await correct(jobs);

    const records = await createRecords({ ledger }).list({ limit: 10 });
    expect(records).toMatchObject([
      {
        outcome: 'unguarded',
        cause: 'reconciliation r-1',
        atMs: job().createdAtMs,
        caller: { principal: 'bob@example.com', team: 'unassigned' },
        sql: 'SELECT * FROM t',
        settlement: { source: 'reconciled', bytesBilled: 100n, jobId: 'guardrail-demo:US.job' },
      },
    ]);
    expect((await report(jobs)).counts.agrees).toEqual({ decisions: 1, jobs: 1 });
  });

  it('enter a script that bypassed guardrail, with the bytes that went into models at the price of models', async () => {
    const ledger = await freshLedger();
    const { correct } = reconciled(ledger, { ...pricing, freeBytesPerMonth: 1000n });

    await correct([job({ statementType: 'SCRIPT', models: { ofModels: 50n, ofAll: 100n } })]);

    expect(await createRecords({ ledger }).list({ limit: 10 })).toMatchObject([
      { settlement: { freeBytes: 0n, cost: { currency: 'USD', micros: 50n + 50n * 50n } } },
    ]);
  });

  it('enter no cost for a job that bypassed guardrail with hidden bytes, and report it until the bytes are known', async () => {
    const ledger = await freshLedger();
    const { report, correct } = reconciled(ledger);
    const hidden = job({ bytesBilled: null, bytesProcessed: null });

    expect(await correct([hidden])).toBe(1);
    const records = createRecords({ ledger });
    expect(await records.list({ limit: 10 })).toMatchObject([{ outcome: 'unguarded', settlement: null }]);
    expect((await report([hidden])).counts.hidden).toEqual({ decisions: 1, jobs: 1 });
    expect(await correct([hidden])).toBe(0);

    expect(await correct([job()])).toBe(1);
    expect(await records.list({ limit: 10 })).toMatchObject([
      { outcome: 'unguarded', settlement: { bytesBilled: 100n, source: 'reconciled' } },
    ]);
  });

  it('leave the reservation of a decision as it is if the bytes of its job are hidden', async () => {
    const ledger = await freshLedger();
    const { books, report, correct } = reconciled(ledger);
    await admit(books);
    const hidden = [job({ bytesBilled: null, labelledDecision: 'decision' })];

    expect(await correct(hidden)).toBe(0);
    expect((await report(hidden)).counts.hidden).toEqual({ decisions: 1, jobs: 1 });
    expect((await createRecords({ ledger }).get('decision'))?.settlement).toBeNull();
  });

  it.each([
    ['by the reservation that the job ran on', 'admin:US.weekdays', 5n],
    ['by the bytes of a job that left the slots of its project', null, 100n],
  ])('are priced %s', async (_what, reservation, micros) => {
    const ledger = await freshLedger();
    const { correct } = reconciled(ledger, withSlots);

    await correct([job({ reservation })]);

    expect(await createRecords({ ledger }).list({ limit: 10 })).toMatchObject([
      { settlement: { cost: { currency: 'USD', micros } } },
    ]);
  });

  it('reprice, once, a decision that was priced by bytes for a job paid by slots, or the reverse', async () => {
    const ledger = await freshLedger();
    const { books, report, correct } = reconciled(ledger, withSlots);
    await admit(books);
    await settle(books);
    const onReservation = [job({ reservation: 'admin:US.weekdays' })];

    expect(await correct(onReservation)).toBe(1);

    expect((await createRecords({ ledger }).get('decision'))?.settlement).toMatchObject({
      source: 'reconciled',
      bytesBilled: 100n,
      cost: { currency: 'USD', micros: 5n },
    });
    expect(balances(await report(onReservation))).toBe(true);
    expect(await correct(onReservation)).toBe(0);
  });

  it('leave the price of settled decisions, whatever prices are now', async () => {
    const ledger = await freshLedger();
    const before = reconciled(ledger);
    await admit(before.books);
    await settle(before.books);
    const dearer = { ...pricing, currency: 'BRL', onDemandMicrosPerTib: withPrice(7n) };

    expect(await reconciled(ledger, dearer).correct([job()])).toBe(0);
    await reconciled(ledger, dearer).correct([job({ bytesBilled: 130n })]);

    expect((await createRecords({ ledger }).get('decision'))?.settlement).toMatchObject({
      bytesBilled: 130n,
      cost: { currency: 'USD', micros: 130n },
    });
  });

  it('leave a decision that shares its job with another unchanged', async () => {
    const { books, report, correct } = reconciled(await freshLedger());
    for (const id of ['first', 'again']) {
      await admit(books, { id });
      await settle(books, { decisionId: id });
    }
    const jobs = [job({ bytesBilled: 130n })];

    expect((await report(jobs)).counts).toMatchObject({
      differs: { decisions: 1 },
      repeated: { decisions: 1 },
    });
    await correct(jobs);
    expect((await report(jobs)).counts).toMatchObject({
      agrees: { decisions: 1 },
      repeated: { decisions: 1 },
    });
  });
});

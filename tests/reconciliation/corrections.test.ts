import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Books } from '../../src/books/books.ts';
import {
  keepReconciliation,
  latestReconciliation,
  reconciliationOf,
} from '../../src/reconciliation/kept-reconciliations.ts';
import { isRolledUp, placesIn } from '../../src/reconciliation/read-ledger.ts';
import { balances } from '../../src/reconciliation/report.ts';
import { enterInJournal } from '../../src/records/journal.ts';
import { createRecords } from '../../src/records/records.ts';
import { TIB } from '../../src/vocabulary/bytes.ts';
import type { Prices } from '../../src/vocabulary/pricing.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { job, options, pricing, withSlots } from './builders.ts';
import { admit, decision, reconciled, settle } from './with-books.ts';

const fates = ['open', 'settled', 'assumed', 'not run', 'refused'] as const;

const journal: Parameters<typeof keepReconciliation>[2] = (db, row) =>
  enterInJournal(db, [{ kind: 'reconciliation', row }]);

/** So many micros for each byte, everywhere. */
function withPrice(microsPerByte: bigint): Prices {
  return { byLocation: new Map(), otherwise: microsPerByte * TIB };
}

/** A decision as it met its fate. */
async function enter(
  books: Books,
  id: string,
  { fate, job: number, bytes }: { fate: (typeof fates)[number]; job: number; bytes: number },
): Promise<void> {
  if (fate === 'refused') return books.record(decision({ id, outcome: 'refused' }));
  await admit(books, { id });
  const settled = { decisionId: id, bytesBilled: BigInt(bytes) };
  if (fate === 'settled') await settle(books, { ...settled, jobId: `guardrail-demo:US.j-${number}` });
  if (fate === 'assumed') await settle(books, { ...settled, jobId: null, source: 'assumed' });
  if (fate === 'not run') {
    await settle(books, { ...settled, bytesBilled: 0n, slotMs: null, jobId: null, source: 'not run' });
  }
}

describe('corrections', () => {
  it("that the books do not take in today's currency are told, and keep no other from being entered", async () => {
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

  it('settle what differs at what the warehouse billed, and what is missing at nothing', async () => {
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

  it('settle what is open, and what was only assumed, by its job', async () => {
    const { books, report, correct } = reconciled(await freshLedger());
    await admit(books, { id: 'open' });
    await admit(books, { id: 'assumed' });
    await settle(books, { decisionId: 'assumed', jobId: null, source: 'assumed' });
    const jobs = ['open', 'assumed'].map((id) => job({ jobId: `of-${id}`, labelledDecision: id }));

    expect((await report(jobs)).findings.map(({ kind }) => kind)).toEqual(['unsettled', 'unsettled']);
    expect(await correct(jobs)).toBe(2);
    expect((await report(jobs)).counts.agrees).toEqual({ decisions: 2, jobs: 2 });
  });

  it('enter what never passed, under its principal and team, once', async () => {
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

  it('enter no price for what never passed and whose bytes are hidden, and say so until it is told', async () => {
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

  it('leave what a decision reserved as it is where the bytes of its job are hidden', async () => {
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

  it('price anew what was priced by what its job was not paid for, once', async () => {
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

  it('leave the price of what was settled, whatever prices are by now', async () => {
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

  it('leave a decision that shares its job with another as it is', async () => {
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

  it('bring any books in line, and find nothing more to enter', async () => {
    const drafts = fc.array(
      fc.record({ fate: fc.constantFrom(...fates), job: fc.nat(5), bytes: fc.nat(3) }),
      { maxLength: 6 },
    );
    const jobsDrawn = fc.uniqueArray(
      fc.record({ job: fc.nat(5), bytes: fc.option(fc.nat(3)), label: fc.option(fc.nat(5)) }),
      { maxLength: 6, selector: (one) => one.job },
    );
    await fc.assert(
      fc.asyncProperty(drafts, jobsDrawn, async (decisions, drawn) => {
        const { books, report, correct } = reconciled(await freshLedger());
        for (const [i, draft] of decisions.entries()) await enter(books, `d-${i}`, draft);
        const jobs = drawn.map((one) =>
          job({
            jobId: `j-${one.job}`,
            bytesBilled: one.bytes === null ? null : BigInt(one.bytes),
            labelledDecision: one.label === null ? null : `d-${one.label}`,
          }),
        );

        await correct(jobs);

        expect((await report(jobs)).findings).toEqual([]);
        expect(await correct(jobs)).toBe(0);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('what the ledger tells a reconciliation', () => {
  it('is where its decisions ran', async () => {
    const ledger = await freshLedger();
    const { books } = reconciled(ledger);
    await admit(books, { id: 'a' });
    const estimate = decision().estimate;
    if (estimate === null) throw new Error('the builder estimates');
    await admit(books, {
      id: 'b',
      projectId: 'other',
      estimate: { ...estimate, location: 'SouthAmerica-East1' },
    });

    expect(await placesIn(ledger.read, options().span)).toEqual({
      projects: ['guardrail-demo', 'other'],
      locations: ['US', 'southamerica-east1'],
    });
  });

  it('is nothing of days that are kept as sums', async () => {
    const ledger = await freshLedger();
    const day = Date.UTC(2026, 10, 24);
    await ledger.write((db) =>
      db
        .insertInto('spend_by_day')
        .values({
          day: '2026-11-24',
          day_starts_at_ms: BigInt(day),
          project_id: 'guardrail-demo',
          team: 'atendimento',
          principal: '',
          tool: '',
          person: '',
          dashboard: '',
          card: '',
          fingerprint: '',
          currency: 'USD',
          queries: 1n,
          bytes_billed: 1n,
          cost_micros: 1n,
          slot_ms: 1n,
          free_bytes: 0n,
        })
        .execute(),
    );

    expect(await isRolledUp(ledger.read, options().span)).toBe(true);
    expect(await isRolledUp(ledger.read, { fromMs: day - 2 * 86_400_000, toMs: day })).toBe(false);
    expect(await isRolledUp(ledger.read, { fromMs: day + 86_400_000, toMs: day + 2 * 86_400_000 })).toBe(
      false,
    );
  });

  it('is what the last reconciliation found', async () => {
    const ledger = await freshLedger();
    const { books, report } = reconciled(ledger);
    await admit(books);
    await settle(books, { jobId: 'guardrail-demo:US.gone' });
    const about = { ...options().span, corrections: 0, reason: null, writtenBy: null };

    expect(await latestReconciliation(ledger.read)).toBeNull();
    await keepReconciliation(
      ledger,
      reconciliationOf(await report([]), { ...about, id: 'r-1', atMs: 1 }),
      journal,
    );
    const found = await report([job({ bytesBilled: 7n })]);
    await keepReconciliation(
      ledger,
      reconciliationOf(found, {
        ...about,
        id: 'r-2',
        atMs: 2,
        corrections: 2,
        reason: 'nightly',
        writtenBy: 'ana',
      }),
      journal,
    );

    expect(await latestReconciliation(ledger.read)).toEqual({
      ...about,
      id: 'r-2',
      atMs: 2,
      balanced: false,
      ledgerBytes: 100n,
      warehouseBytes: 7n,
      unguardedJobs: 1,
      unguardedBytes: 7n,
      missingJobs: 1,
      missingBytes: 100n,
      corrections: 2,
      reason: 'nightly',
      writtenBy: 'ana',
    });
    const entries = await ledger.read
      .selectFrom('journal')
      .select('id')
      .where('kind', '=', 'reconciliation')
      .execute();
    expect(entries.map(({ id }) => id).toSorted()).toEqual(['r-1', 'r-2']);
  });
});

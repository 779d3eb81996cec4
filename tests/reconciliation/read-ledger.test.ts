import { describe, expect, test } from 'vitest';
import { isRolledUp, jobsInLedger, placesIn, readLedger } from '../../src/reconciliation/read-ledger.ts';
import { enterDecisions } from '../../src/records/enter.ts';
import { NO_SQL, readingWithoutSql } from '../../src/vocabulary/reading.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { job, options } from './builders.ts';
import { admit, decision, reconciled, settle } from './with-books.ts';

test('every decision of a period is read once, in order, even if one instant has more than a page of them', async () => {
  const ledger = await freshLedger();
  const { atMs } = decision();
  const made = Array.from({ length: 2_200 }, (_, i) =>
    decision({ id: `d-${String(i).padStart(4, '0')}`, atMs: atMs + Math.floor(i / 1_100) }),
  );
  const around = [decision({ id: 'before', atMs: atMs - 1 }), decision({ id: 'after', atMs: atMs + 2 })];
  for (const some of [around, made.slice(0, 1_000), made.slice(1_000, 2_000), made.slice(2_000)]) {
    await ledger.write((db) => enterDecisions(db, some));
  }

  const entries = await readLedger(ledger.read, { fromMs: atMs, toMs: atMs + 2 });

  expect(entries.map(({ decisionId }) => decisionId)).toEqual(made.map(({ id }) => id));
});

test('decisions on jobs without SQL are left out, as their jobs are', async () => {
  const ledger = await freshLedger();
  const { books } = reconciled(ledger);
  const { atMs } = decision();
  await admit(books, { id: 'query' });
  await books.record(
    decision({
      id: 'load',
      sql: '',
      estimate: null,
      reading: readingWithoutSql(NO_SQL, { statement: 'LOAD', fingerprint: 'LOAD' }),
    }),
  );

  const entries = await readLedger(ledger.read, { fromMs: atMs, toMs: atMs + 1 });

  expect(entries.map(({ decisionId }) => decisionId)).toEqual(['query']);
});

test('a job is in the ledger by its label, by any settlement that names it, or by the decision entered for it', async () => {
  const ledger = await freshLedger();
  const { books, correct } = reconciled(ledger);
  await admit(books, { id: 'labelled' });
  await admit(books, { id: 'settled' });
  await settle(books, { decisionId: 'settled', jobId: 'guardrail-demo:US.corrected' });
  await settle(books, { decisionId: 'settled', jobId: null, bytesBilled: 0n, source: 'reconciled' });
  await admit(books, { id: 'without a location' });
  await settle(books, { decisionId: 'without a location', jobId: 'guardrail-demo:somewhere' });
  await correct([job({ jobId: 'hidden', bytesBilled: null })]);
  const jobs = [
    job({ jobId: 'by-label', labelledDecision: 'labelled' }),
    job({ jobId: 'corrected' }),
    job({ jobId: 'somewhere' }),
    job({ jobId: 'hidden' }),
    job({ jobId: 'stranger', labelledDecision: 'nothing' }),
    job({ jobId: 'corrected', location: 'EU' }),
  ];

  const inLedger = await jobsInLedger(ledger.read, jobs);

  expect(inLedger.map(({ jobId }) => jobId)).toEqual(['by-label', 'corrected', 'somewhere', 'hidden']);
});

describe('the ledger’s side of a reconciliation', () => {
  test('names the projects and locations in which decisions ran', async () => {
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

  test('leaves out days that were pruned to sums', async () => {
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
});

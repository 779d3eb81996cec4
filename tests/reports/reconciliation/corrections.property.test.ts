import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Books } from '../../../src/books/books.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { job } from './builders.ts';
import { admit, decision, reconciled, settle } from './with-books.ts';

const fates = ['open', 'settled', 'assumed', 'not run', 'refused'] as const;

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
  it('bring any books into balance, after which there is nothing more to enter', async () => {
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

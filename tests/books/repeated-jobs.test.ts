import { describe, expect, test } from 'vitest';
import { createBooks } from '../../src/books/books.ts';
import { budget, covering } from '../budget/builders.ts';
import { admission, booksOn, freshBooks, settled } from './builders.ts';

const oneJob = { jobId: 'guardrail-demo:US.asked_for_twice' };

describe('a job that a client requested twice', () => {
  test('is charged once, whatever its second settlement says', async () => {
    const { books, records, stands } = await freshBooks();
    await books.admit(admission('a'));
    await books.admit(admission('b'));

    const first = await books.settle(settled('a', 7n, oneJob));
    const second = await books.settle(settled('b', 7n, oneJob));

    expect(first).toMatchObject({ bytesBilled: 7n, source: 'response' });
    expect(second).toMatchObject({
      jobId: oneJob.jobId,
      bytesBilled: 0n,
      bytesProcessed: 0n,
      slotMs: 0,
      cost: { micros: 0n },
      source: 'repeated',
    });
    expect((await records.get('b'))?.settlement).toEqual(second);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
  });

  test('is charged once when both decisions settle together, and in one write', async () => {
    const { ledger, stands } = await freshBooks();
    const splits: unknown[] = [];
    const books = createBooks({ ledger, onSplit: (...split) => splits.push(split) });
    await Promise.all([books.admit(admission('a')), books.admit(admission('b'))]);

    const outcomes = await Promise.all(['a', 'b'].map((id) => books.settle(settled(id, 7n, oneJob))));

    expect(outcomes.map(({ source }) => source).toSorted()).toEqual(['repeated', 'response']);
    expect(splits).toEqual([]);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
  });

  test('counts as one query', async () => {
    const { books, stands } = await freshBooks();
    const queries = budget({ limit: { measure: 'queries', queries: 2n } });
    await books.admit(admission('a', { coverages: covering(queries) }));
    await books.admit(admission('b', { coverages: covering(queries) }));

    await books.settle(settled('a', 7n, oneJob));
    await books.settle(settled('b', 7n, oneJob));

    expect(await stands(queries)).toEqual({ used: 1n, reserved: 0n });
  });

  test('stays marked as repeated in reconciliation, without new corrections each time', async () => {
    const { books, journal, stands } = await freshBooks();
    await books.admit(admission('a'));
    await books.admit(admission('b'));
    await books.settle(settled('a', 7n, oneJob));
    await books.settle(settled('b', 7n, oneJob));

    const outcomes = [];
    for (const bytes of [7n, 8n]) {
      outcomes.push(await books.settle(settled('b', bytes, { ...oneJob, source: 'reconciled' })));
    }

    expect(outcomes.map(({ source, bytesBilled }) => [source, bytesBilled])).toEqual([
      ['repeated', 0n],
      ['repeated', 0n],
    ]);
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'decision b', 'settlement a/1', 'settlement b/1']);
  });

  test('is charged to its second decision when the first cannot be charged', async () => {
    const { books, stands } = await freshBooks();
    await Promise.all([books.admit(admission('a')), books.admit(admission('b'))]);
    const inEuros = { known: { currency: 'EUR', micros: 7n } };

    const [first, second] = await Promise.allSettled([
      books.settle(settled('a', 7n, { ...oneJob, price: inEuros })),
      books.settle(settled('b', 7n, oneJob)),
    ]);

    expect(first).toMatchObject({ status: 'rejected', reason: { kind: 'wrong currency' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { bytesBilled: 7n, source: 'response' } });
    expect(await stands()).toEqual({ used: 7n, reserved: 10n });
  });

  test('is charged once when two replicas settle it at the same time', async () => {
    const first = await freshBooks();
    const second = booksOn(first.ledger);
    const other = budget({ name: 'outro' });
    const pairs = Array.from({ length: 20 }, (_, i) => [`a${i}`, `b${i}`] as const);
    for (const [a, b] of pairs) {
      await first.books.admit(admission(a));
      await second.books.admit(admission(b, { coverages: covering(other) }));
    }

    const outcomes = [];
    for (const [a, b] of pairs) {
      const job = { jobId: `guardrail-demo:US.job_of_${a}_and_${b}` };
      const both = [first.books.settle(settled(a, 1n, job)), second.books.settle(settled(b, 1n, job))];
      outcomes.push(await Promise.all(both));
    }

    expect(outcomes.map((both) => both.map(({ source }) => source).toSorted())).toEqual(
      pairs.map(() => ['repeated', 'response']),
    );
  });
});

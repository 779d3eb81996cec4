import { type Admission, type Books, createBooks, type UnpricedSettlement } from '../../src/books/books.ts';
import { createBudgets, type ReserveRequest } from '../../src/budget/budgets.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createRecords } from '../../src/records/records.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { TIB } from '../../src/vocabulary/bytes.ts';
import type { Tariff } from '../../src/vocabulary/pricing.ts';
import { budget, covering, noon, request } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision } from '../records/builders.ts';

/** On demand, at a micro of a dollar for each byte. */
export const microPerByte: Tariff = { model: 'on demand', currency: 'USD', microsPerTib: TIB };

/** A query that asks for what `request()` does. */
export function admission(decisionId: string, changes: Partial<ReserveRequest> = {}): Admission {
  const reservation = request({ decisionId, ...changes });
  return { reservation, decision: decision({ id: decisionId, atMs: reservation.atMs }) };
}

/** What `admission()` came to, as its answer told: ten bytes at a micro each, unless said otherwise. */
export function settled(
  decisionId: string,
  bytesBilled = 10n,
  changes: Partial<UnpricedSettlement> = {},
): UnpricedSettlement {
  return {
    decisionId,
    admittedAtMs: noon,
    atMs: noon + 1000,
    jobId: `guardrail-demo:US.job_of_${decisionId}`,
    bytesProcessed: bytesBilled,
    bytesBilled,
    cacheHit: false,
    slotMs: 0,
    durationMs: 1000,
    errorReason: null,
    source: 'response',
    price: { tariff: microPerByte, freeBytesPerMonth: 0n },
    ...changes,
  };
}

/** What an expired reservation is charged: all of it. */
export function assumed(decisionId: string, bytesBilled = 10n): UnpricedSettlement {
  return settled(decisionId, bytesBilled, {
    jobId: null,
    bytesProcessed: 0n,
    slotMs: null,
    durationMs: null,
    source: 'assumed',
    price: { known: { currency: 'USD', micros: bytesBilled } },
  });
}

/** A query of which nothing ran. */
export function notRun(decisionId: string): UnpricedSettlement {
  return settled(decisionId, 0n, { jobId: null, source: 'not run' });
}

/** Books on a ledger, and what they are read by. */
export function booksOn(ledger: Ledger) {
  const budgets = createBudgets({ ledger });
  return {
    ledger,
    budgets,
    books: createBooks({ ledger }),
    records: createRecords({ ledger }),
    /** What the one account of a budget has used and reserved. */
    async stands(of: Budget = budget(), atMs = noon) {
      const [balance] = await budgets.balances(covering(of), atMs);
      return { used: balance?.used, reserved: balance?.reserved };
    },
    /** The kinds and IDs of what was entered, in order. */
    async journal(): Promise<readonly string[]> {
      const rows = await ledger.read.selectFrom('journal').select(['kind', 'id']).execute();
      return rows.map(({ kind, id }) => `${kind} ${id}`).toSorted();
    },
  };
}

export type TestBooks = ReturnType<typeof booksOn> & { readonly books: Books };

export async function freshBooks(): Promise<TestBooks> {
  return booksOn(await freshLedger());
}

import { type Admission, type Books, createBooks } from '../../src/books/books.ts';
import { createBudgets } from '../../src/budget/budgets.ts';
import type { ReserveRequest } from '../../src/budget/reservations/reserve.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createRecords } from '../../src/records/records.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { TIB } from '../../src/vocabulary/bytes.ts';
import type { Tariff } from '../../src/vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../../src/vocabulary/unpriced-settlement.ts';
import { budget, covering, noon, request } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision } from '../records/builders.ts';

/** On demand, at a micro of a dollar for each byte. */
export const microPerByte: Tariff = { model: 'on demand', currency: 'USD', microsPerTib: TIB };

/** A query that makes the reservation of `request()`. */
export function admission(decisionId: string, changes: Partial<ReserveRequest> = {}): Admission {
  const reservation = request({ decisionId, ...changes });
  return { reservation, decision: decision({ id: decisionId, atMs: reservation.atMs }) };
}

/** The settlement of `admission()` from its response: ten bytes at a micro each, unless changed. */
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

/** The settlement of an expired reservation: charged in full. */
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

/** The settlement of a query that did not run. */
export function notRun(decisionId: string): UnpricedSettlement {
  return settled(decisionId, 0n, { jobId: null, source: 'not run' });
}

/** Books on a ledger, with readers of their contents. */
export function booksOn(ledger: Ledger) {
  const budgets = createBudgets({ ledger });
  return {
    ledger,
    budgets,
    books: createBooks({ ledger }),
    records: createRecords({ ledger }),
    /** What the only account of a budget has used and reserved. */
    async stands(of: Budget = budget(), atMs = noon) {
      const [balance] = await budgets.balances(covering(of), atMs);
      return { used: balance?.used, reserved: balance?.reserved };
    },
    /** The kinds and IDs of the journal's entries, sorted; with a prefix, only of IDs that begin with it. */
    async journal(prefix = ''): Promise<readonly string[]> {
      const rows = await ledger.read
        .selectFrom('journal')
        .select(['kind', 'id'])
        .where('kind', 'in', ['decision', 'settlement'])
        .where('id', 'like', `${prefix}%`)
        .execute();
      return rows.map(({ kind, id }) => `${kind} ${id}`).toSorted();
    },
  };
}

export type TestBooks = ReturnType<typeof booksOn> & { readonly books: Books };

export async function freshBooks(): Promise<TestBooks> {
  return booksOn(await freshLedger());
}

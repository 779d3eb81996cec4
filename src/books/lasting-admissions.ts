import type { ReserveOutcome } from '../budget/reserve.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Admission, Books, UnpricedSettlement } from './books.ts';
import { type Breaker, orWhereDatabaseFails } from './breaker.ts';
import type { Spool } from './spool.ts';

interface Means {
  readonly books: Books;
  readonly spool: Spool;
  readonly breaker: Breaker;
  /** Settles in the ledger, or in the spool. */
  readonly settle: Books['settle'];
}

/**
 * Admissions where queries are denied while the ledger fails. It may hold such a query all the same, whose client was
 * told no: that is given back.
 */
export function admissionOrRefusal({ books, spool, breaker, settle }: Means): Books['admit'] {
  /** The connection may have broken as the ledger committed. */
  async function admitUnlessInDoubt(admission: Admission): Promise<ReserveOutcome> {
    try {
      return await books.admit(admission);
    } catch (error) {
      if (error instanceof LedgerError && error.kind === 'unreachable')
        await spool.append({ kind: 'settlement', settlement: notRun(admission) });
      throw error;
    }
  }

  return (admission) =>
    breaker.ask(
      () => admitUnlessInDoubt(admission),
      (late) => {
        if (late.reserved) void settle(notRun(admission)).catch(() => undefined);
      },
    );
}

/** Admissions where queries run while the ledger fails: then they are entered from the spool, whatever is left. */
export function admissionOrSpool({ books, spool, breaker }: Means): Books['admit'] {
  return (admission) =>
    orWhereDatabaseFails(
      breaker.ask(() => books.admit(admission)),
      async () => {
        const reservation = { ...admission.reservation, regardless: true };
        await spool.append({ kind: 'admission', decision: admission.decision, reservation });
        return { reserved: true, balances: [], exceeded: [] };
      },
    );
}

function notRun({ decision, reservation }: Admission): UnpricedSettlement {
  return {
    decisionId: decision.id,
    admittedAtMs: decision.atMs,
    atMs: Date.now(),
    jobId: null,
    bytesProcessed: 0n,
    bytesBilled: 0n,
    cacheHit: false,
    slotMs: null,
    durationMs: null,
    errorReason: 'ledger too late',
    source: 'not run',
    price: { known: { ...reservation.spend.cost, micros: 0n } },
  };
}

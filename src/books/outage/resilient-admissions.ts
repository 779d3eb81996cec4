import type { ReserveOutcome } from '../../budget/reservations/reserve.ts';
import { LedgerError } from '../../ledger/errors.ts';
import type { UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import type { Admission, Books } from '../books.ts';
import { type Breaker, fallBackIfDatabaseFails } from './breaker.ts';
import type { GiveBacks } from './give-backs.ts';
import type { Spool } from './spool.ts';

interface AdmissionParts {
  readonly books: Books;
  readonly spool: Spool;
  readonly breaker: Breaker;
  readonly giveBacks: GiveBacks;
}

/**
 * Admissions for a guardrail that denies queries while the ledger fails. The ledger may have admitted such a query
 * although its client was told no; it is then given back.
 */
export function refusingAdmission({ books, spool, breaker, giveBacks }: AdmissionParts): Books['admit'] {
  const appendToSpool = (settlement: UnpricedSettlement) => spool.append({ kind: 'settlement', settlement });

  /** The connection may have broken just as the ledger committed. */
  async function admitUnlessInDoubt(admission: Admission): Promise<ReserveOutcome> {
    try {
      return await books.admit(admission);
    } catch (error) {
      if (error instanceof LedgerError && error.kind === 'unreachable')
        await giveBacks.giveBack(admission, appendToSpool);
      throw error;
    }
  }

  return (admission) =>
    breaker.call(
      () => admitUnlessInDoubt(admission),
      (pending) => giveBacks.giveBackIfAdmitted(admission, pending),
    );
}

/**
 * Admissions for a guardrail that lets queries run while the ledger fails: they are then entered from the spool,
 * whether or not the budgets have room.
 */
export function spoolingAdmission({ books, spool, breaker }: AdmissionParts): Books['admit'] {
  return (admission) =>
    fallBackIfDatabaseFails(
      breaker.call(() => books.admit(admission)),
      async () => {
        const reservation = { ...admission.reservation, regardless: true };
        await spool.append({ kind: 'admission', decision: admission.decision, reservation });
        return { reserved: true, balances: [] };
      },
    );
}

import type { Decision, Settlement } from '../vocabulary/decision.ts';
import { costOf } from '../vocabulary/pricing.ts';
import type { Books, UnpricedSettlement } from './books.ts';
import { type BreakerOptions, createBreaker, orWhereDatabaseFails } from './breaker.ts';
import { catchingUp } from './catch-up.ts';
import type { Entry } from './entries.ts';
import { createGiveBacks } from './give-backs.ts';
import { admissionOrRefusal, admissionOrSpool } from './lasting-admissions.ts';
import type { Spool } from './spool.ts';

export interface LastingOptions extends BreakerOptions {
  /** What becomes of queries meanwhile; those allowed are capped at what they would have reserved. */
  readonly onFailure: 'deny' | 'allow_capped';
  /** Told of an entry of the spool that the books do not take: it is left out. */
  readonly onRejected: (entry: Entry, error: unknown) => void;
  /** Told of a query that was not run and cannot be given back yet: neither the ledger nor the spool takes it. */
  readonly onHeld: (decisionId: string, error: unknown) => void;
}

/** Books that outlast a ledger that fails. */
export interface LastingBooks extends Books {
  /**
   * Enters what waits in the spool, and what even that did not take, if the ledger takes it.
   * @throws where the spool cannot be read or put aside; a ledger that fails is told by `failure` alone
   */
  catchUp(): Promise<void>;
  /** Writes something that is no query's, and tells by it whether the ledger is up: also where no query asks. */
  witness<T>(write: () => Promise<T>): Promise<T>;
  /** Why the ledger did not take what was written last; null while it takes writes. */
  failure(): unknown;
}

/**
 * What cannot be written goes to the spool, and into the books when the ledger is back: decisions and settlements
 * always, admissions where the setting lets queries run meanwhile.
 */
export function createLastingBooks(books: Books, spool: Spool, options: LastingOptions): LastingBooks {
  const breaker = createBreaker(options);

  function record(decision: Decision): Promise<void> {
    const asked = breaker.ask(() => books.record(decision));
    return orWhereDatabaseFails(asked, () => spool.append({ kind: 'decision', decision }));
  }

  function settle(
    settlement: UnpricedSettlement,
    how?: { readonly isAwaited: boolean },
  ): Promise<Settlement> {
    const spooled = async () => {
      await spool.append({ kind: 'settlement', settlement });
      return provisional(settlement);
    };
    // Behind its admission, where that waits: a settlement alone would find nothing to settle.
    if (spool.holds(settlement.decisionId)) return spooled();
    return orWhereDatabaseFails(
      breaker.ask(() => books.settle(settlement, how)),
      spooled,
    );
  }

  const giveBacks = createGiveBacks(settle, options.onHeld);
  const admissions = { books, spool, breaker, giveBacks };
  const enterSpooled = catchingUp({ books, spool, breaker, onRejected: options.onRejected });
  return {
    admit: options.onFailure === 'deny' ? admissionOrRefusal(admissions) : admissionOrSpool(admissions),
    record,
    settle,
    giveBackPlaces: (decisionIds) => books.giveBackPlaces(decisionIds),
    async drained() {
      await books.drained();
      // Of what the ledger took too late, which is asked of it once more.
      await giveBacks.drained();
    },
    async catchUp() {
      await giveBacks.again();
      await enterSpooled();
    },
    witness: breaker.witness,
    failure: breaker.failure,
  };
}

/** What the settlement will most likely be entered as: the free tier is asked when it is. */
function provisional({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const usage = { bytesBilled: settlement.bytesBilled, slotMs: BigInt(settlement.slotMs ?? 0) };
  return { ...settlement, freeBytes: 0n, cost: 'known' in price ? price.known : costOf(usage, price.tariff) };
}

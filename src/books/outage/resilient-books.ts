import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import { costOf } from '../../vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import type { Books } from '../books.ts';
import type { Entry } from '../entries.ts';
import { type BreakerOptions, createBreaker, fallBackIfDatabaseFails } from './breaker.ts';
import { createCatchUp } from './catch-up.ts';
import { createGiveBacks } from './give-backs.ts';
import { refusingAdmission, spoolingAdmission } from './resilient-admissions.ts';
import type { Damage, Spool } from './spool.ts';

export interface ResilienceOptions extends BreakerOptions {
  /** What happens to queries while the ledger fails. Those allowed are capped at what they would have reserved. */
  readonly onFailure: 'deny' | 'allow_capped';
  /** Called with an entry of the spool that the books reject; it is skipped. */
  readonly onRejected: (entry: Entry, error: unknown) => void;
  /** Called with what in the spool cannot be read; it is kept. */
  readonly onDamaged: (damage: Damage) => void;
  /**
   * Called for a query that did not run and cannot be given back yet, since neither the ledger nor the spool takes it.
   */
  readonly onHeld: (decisionId: string, error: unknown) => void;
}

/** Books that go on working while the ledger fails. */
export interface ResilientBooks extends Books {
  /**
   * Enters what waits in the spool, and what even the spool did not take, if the ledger takes it.
   * @throws if the spool cannot be read or put aside; if the ledger fails, only `failure` says so
   */
  catchUp(): Promise<void>;
  /**
   * Writes something that does not belong to a query, and learns from it whether the ledger is up even when no query
   * asks.
   */
  observe<T>(write: () => Promise<T>): Promise<T>;
  /** Why the last write to the ledger failed; null while it accepts writes. */
  failure(): unknown;
}

/**
 * What cannot be written goes to the spool, and into the books once the ledger is back. Decisions and settlements
 * always do; admissions only if the setting lets queries run meanwhile.
 */
export function createResilientBooks(books: Books, spool: Spool, options: ResilienceOptions): ResilientBooks {
  const breaker = createBreaker(options);

  function record(decision: Decision): Promise<void> {
    const pending = breaker.call(() => books.record(decision));
    return fallBackIfDatabaseFails(pending, () => spool.append({ kind: 'decision', decision }));
  }

  function settle(
    settlement: UnpricedSettlement,
    settleOptions?: { readonly isAwaited: boolean },
  ): Promise<Settlement> {
    const appendToSpool = async () => {
      await spool.append({ kind: 'settlement', settlement });
      return provisional(settlement);
    };
    // If its admission waits in the spool, the settlement goes behind it: alone, it would find nothing to settle.
    if (spool.holds(settlement.decisionId)) return appendToSpool();
    return fallBackIfDatabaseFails(
      breaker.call(() => books.settle(settlement, settleOptions)),
      appendToSpool,
    );
  }

  const giveBacks = createGiveBacks(settle, options.onHeld);
  const admissions = { books, spool, breaker, giveBacks };
  const enterSpooled = createCatchUp({ ...options, books, spool, breaker });
  return {
    admit: options.onFailure === 'deny' ? refusingAdmission(admissions) : spoolingAdmission(admissions),
    record,
    settle,
    giveBackPlaces: books.giveBackPlaces,
    abandon: books.abandon,
    async drained() {
      await books.drained();
      // The ledger is asked once more about what it admitted too late.
      await giveBacks.drained();
    },
    async catchUp() {
      await giveBacks.retry();
      await enterSpooled();
    },
    observe: breaker.observe,
    failure: breaker.failure,
  };
}

/** What the settlement will most likely be entered as. The free tier is only known when it is entered. */
function provisional({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const usage = { bytesBilled: settlement.bytesBilled, slotMs: BigInt(settlement.slotMs ?? 0) };
  return { ...settlement, freeBytes: 0n, cost: 'known' in price ? price.known : costOf(usage, price.tariff) };
}

import { BudgetError } from '../budget/errors.ts';
import { databaseFails } from '../ledger/batches.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import { costOf } from '../vocabulary/pricing.ts';
import { withinMs } from '../vocabulary/within.ts';
import type { Admission, Books, UnpricedSettlement } from './books.ts';
import type { Entry } from './entries.ts';
import type { Spool } from './spool.ts';

/** How long nobody waits for a ledger that has just failed. */
const REST_MS = 1_000;

export interface LastingOptions {
  /** How long a query waits for the ledger. */
  readonly timeoutMs: number;
  /** What becomes of queries meanwhile; those allowed are capped at what they would have reserved. */
  readonly onFailure: 'deny' | 'allow_capped';
  /** Told when the ledger fails, and when it is back. */
  readonly onState: (state: 'up' | 'down', error?: unknown) => void;
  /** Told of an entry of the spool that the books do not take: it is left out. */
  readonly onRejected: (entry: Entry, error: unknown) => void;
}

/** Books that outlast a ledger that fails. */
export interface LastingBooks extends Books {
  /** Enters what waits in the spool, if the ledger takes it. Never rejects. */
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
  let restsUntil = 0;
  let down: { readonly why: unknown } | null = null;

  function failed(error: unknown): void {
    restsUntil = performance.now() + REST_MS;
    if (down === null) options.onState('down', error);
    down = { why: error };
  }

  function answered(): void {
    if (down === null) return;
    down = null;
    restsUntil = 0;
    options.onState('up');
  }

  /** Asks the ledger, unless it has just failed, and not for longer than a query may wait. */
  async function ask<T>(work: () => Promise<T>, onLate: (late: T) => void): Promise<T> {
    if (performance.now() < restsUntil) throw tooLate('has just failed');
    const asked = work();
    try {
      const first = await withinMs(asked, options.timeoutMs);
      if (first !== null) {
        answered();
        return first.value;
      }
    } catch (error) {
      if (databaseFails(error)) failed(error);
      throw error;
    }
    asked.then(onLate, () => undefined);
    const error = tooLate(`has not answered within ${options.timeoutMs} ms`);
    failed(error);
    throw error;
  }

  /** Where the connection breaks as the ledger commits, it may hold a query whose client is told no: that is given back. */
  async function admitUnlessInDoubt(admission: Admission) {
    try {
      return await books.admit(admission);
    } catch (error) {
      if (options.onFailure === 'deny' && error instanceof LedgerError && error.kind === 'unreachable')
        await spool.append({ kind: 'settlement', settlement: notRun(admission) });
      throw error;
    }
  }

  async function admit(admission: Admission) {
    try {
      return await ask(
        () => admitUnlessInDoubt(admission),
        (late) => {
          // The client was told no: what the ledger took after that is given back.
          if (late.reserved && options.onFailure === 'deny')
            void settle(notRun(admission)).catch(() => undefined);
        },
      );
    } catch (error) {
      if (options.onFailure === 'deny' || !databaseFails(error)) throw error;
      const reservation = { ...admission.reservation, regardless: true };
      await spool.append({ kind: 'admission', decision: admission.decision, reservation });
      return { reserved: true, balances: [], exceeded: [] } as const;
    }
  }

  async function settle(settlement: UnpricedSettlement): Promise<Settlement> {
    try {
      // Behind its admission, where that waits: a settlement alone would find nothing to settle.
      if (!spool.holds(settlement.decisionId)) {
        return await ask(
          () => books.settle(settlement),
          () => undefined,
        );
      }
    } catch (error) {
      if (!databaseFails(error)) throw error;
    }
    await spool.append({ kind: 'settlement', settlement });
    return provisional(settlement);
  }

  async function enterOne(entry: Entry): Promise<void> {
    try {
      if (entry.kind === 'admission') await books.admit(entry);
      else if (entry.kind === 'decision') await books.record(entry.decision);
      else await books.settle(entry.settlement);
    } catch (error) {
      if (databaseFails(error)) throw error;
      // It was entered before this process, or the one before it, was interrupted.
      if (error instanceof BudgetError && error.kind === 'reserved otherwise') return;
      options.onRejected(entry, error);
    }
  }

  let catchingUp: Promise<void> | null = null;
  return {
    admit,
    settle,
    async record(decision) {
      try {
        await ask(
          () => books.record(decision),
          () => undefined,
        );
      } catch (error) {
        if (!databaseFails(error)) throw error;
        await spool.append({ kind: 'decision', decision });
      }
    },
    giveBackPlaces: (decisionIds) => books.giveBackPlaces(decisionIds),
    failure: () => down?.why ?? null,
    async drained() {
      await books.drained();
    },
    catchUp() {
      if (spool.size === 0) return Promise.resolve();
      catchingUp ??= spool
        .drain(enterOne)
        .then(answered, failed)
        .finally(() => {
          catchingUp = null;
        });
      return catchingUp;
    },
    async witness(write) {
      try {
        const written = await write();
        answered();
        return written;
      } catch (error) {
        if (databaseFails(error)) failed(error);
        throw error;
      }
    },
  };
}

function tooLate(what: string): LedgerError {
  return new LedgerError(
    'unreachable',
    `The ledger ${what}.`,
    'Look at the database, and at the network to it.',
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

/** What the settlement will most likely be entered as: the free tier is asked when it is. */
function provisional({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const usage = { bytesBilled: settlement.bytesBilled, slotMs: BigInt(settlement.slotMs ?? 0) };
  return { ...settlement, freeBytes: 0n, cost: 'known' in price ? price.known : costOf(usage, price.tariff) };
}

import { applyToBudgets } from '../budget/apply.ts';
import { lockReservations } from '../budget/held.ts';
import type { ReserveOutcome } from '../budget/reserve.ts';
import { createBatches } from '../ledger/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { inPieces } from '../lists/pieces.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import { enter } from './enter.ts';
import type { Admission, Entered, Entry, UnpricedSettlement } from './entries.ts';

export type { Admission, SettlementPrice, UnpricedSettlement } from './entries.ts';

/** How long a settlement that nobody waits for waits for an entry to be written with. */
const PATIENCE_MS = 10;

/** Enough that a flood is written in few transactions, and few enough that nobody waits long behind one. */
const MOST_IN_A_BATCH = 200;

/**
 * What is written of a query, each step in one transaction over budgets and records, durable when it resolves.
 * @throws LedgerError where nothing could be written; BudgetError where an amount makes no sense
 */
export interface Books {
  /** Takes a query's spend out of its budgets and enters its decision, or does neither. */
  admit(admission: Admission): Promise<ReserveOutcome>;
  /** Enters a decision that reserves nothing: refused, failed, unguarded. One that is there already stays as it is. */
  record(decision: Decision): Promise<void>;
  /**
   * Enters what a query came to and charges its budgets. The first that is known stands, but takes the place of what
   * was assumed, and gives way to source `reconciled`. A job that another decision has settled is entered as
   * `repeated`, at nothing.
   * @param how.isAwaited false where nobody waits for it: it may then be written a little later, with what others
   * wait for
   * @returns the settlement as it stands
   */
  settle(settlement: UnpricedSettlement, how?: { readonly isAwaited: boolean }): Promise<Settlement>;
  /** Gives back the places at once of queries whose process is gone; what they cost stays reserved. */
  giveBackPlaces(decisionIds: readonly string[]): Promise<void>;
  /** Resolves once all that was asked for is written, or has failed. */
  drained(): Promise<void>;
}

export function createBooks({ ledger }: { readonly ledger: Ledger }): Books {
  const batches = createBatches<Entry, Entered>({
    write: (entries) => ledger.write((db) => enter(db, entries)),
    keyOf: decisionOf,
    most: MOST_IN_A_BATCH,
    patienceMs: PATIENCE_MS,
  });
  return {
    async admit(admission) {
      const entered = await batches.add({ kind: 'admission', ...admission });
      if (entered.kind === 'admission') return entered.outcome;
      throw new Error(`unreachable: an admission was entered as ${entered.kind}`);
    },
    async record(decision) {
      await batches.add({ kind: 'decision', decision });
    },
    async settle(settlement, { isAwaited } = { isAwaited: true }) {
      const entry: Entry = { kind: 'settlement', settlement };
      const entered = await (isAwaited ? batches.add(entry) : batches.addUnawaited(entry));
      if (entered.kind === 'settlement') return entered.settlement;
      throw new Error(`unreachable: a settlement was entered as ${entered.kind}`);
    },
    async giveBackPlaces(decisionIds) {
      for (const some of inPieces(decisionIds, MOST_IN_A_BATCH)) {
        await ledger.write(async (db) => {
          const held = await lockReservations(db, some);
          await applyToBudgets(db, { charges: [], reserves: [], held, placesOf: some });
        });
      }
    },
    drained: batches.drained,
  };
}

/** The decision that an entry is about. */
export function decisionOf(entry: Entry): string {
  switch (entry.kind) {
    case 'admission':
      return entry.reservation.decisionId;
    case 'decision':
      return entry.decision.id;
    case 'settlement':
      return entry.settlement.decisionId;
  }
}

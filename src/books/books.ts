import { applyToBudgets } from '../budget/reservations/apply.ts';
import { lockReservations } from '../budget/reservations/held.ts';
import type { ReserveOutcome } from '../budget/reservations/reserve.ts';
import { abandonReservation } from '../budget/reservations/unsettled.ts';
import { chunks } from '../foundation/lists/chunks.ts';
import type { BatchEvents } from '../ledger/batch.ts';
import { createBatches } from '../ledger/batches.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { UnpricedSettlement } from '../vocabulary/unpriced-settlement.ts';
import { enterBatch } from './enter.ts';
import { type Admission, decisionIdOf, type Entry, type EntryResult } from './entries.ts';

export { LedgerError } from '../ledger/errors.ts';
export type { Admission } from './entries.ts';

/** How long a settlement that nobody waits for may wait for another entry to be written with. */
const UNAWAITED_WAIT_MS = 10;

/** Enough to write a flood in a few transactions, and few enough that nobody waits long behind a batch. */
const MAX_IN_A_BATCH = 200;

/**
 * Writes what happens to a query. Each step is one transaction over budgets and records, durable when it resolves.
 * @throws LedgerError if nothing could be written; BudgetError if an amount makes no sense
 */
export interface Books {
  /** Charges a query to its budgets and enters its decision, or does neither. */
  admit(admission: Admission): Promise<ReserveOutcome>;
  /** Enters a decision that reserves nothing: refused, failed, unguarded. An existing decision is left as it is. */
  record(decision: Decision): Promise<void>;
  /**
   * Enters what a query came to and charges its budgets. The first known settlement stands: it replaces an assumed one,
   * and is replaced only by one with source `reconciled`. A job that another decision has already settled is entered as
   * `repeated`, at no cost.
   * @param options.isAwaited false if nobody waits for it: it may then be written a little later, together with entries
   * that somebody waits for
   * @returns the settlement that stands
   */
  settle(settlement: UnpricedSettlement, options?: { readonly isAwaited: boolean }): Promise<Settlement>;
  /** Frees the places of queries whose process is gone; their cost stays reserved. */
  giveBackPlaces(decisionIds: readonly string[]): Promise<void>;
  /** Leaves a query's job to whichever process the principal's next query comes to, as if this one were dead. */
  abandon(decisionId: string): Promise<void>;
  /** Resolves once everything that was asked for has been written or has failed. */
  drained(): Promise<void>;
}

/** @param options.onSplit called once for each batch of entries that failed as a whole and is written in halves */
export function createBooks({
  ledger,
  onSplit = () => undefined,
}: {
  readonly ledger: Ledger;
  readonly onSplit?: BatchEvents['onSplit'];
}): Books {
  const batches = createBatches<Entry, EntryResult>({
    write: (entries) => ledger.write((db) => enterBatch(db, entries)),
    keyOf: decisionIdOf,
    most: MAX_IN_A_BATCH,
    patienceMs: UNAWAITED_WAIT_MS,
    onSplit,
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
      for (const chunk of chunks(decisionIds, MAX_IN_A_BATCH)) {
        await ledger.write(async (db) => {
          const held = await lockReservations(db, chunk);
          await applyToBudgets(db, { charges: [], reserves: [], held, placesOf: chunk });
        });
      }
    },
    abandon: (decisionId) => ledger.write((db) => abandonReservation(db, decisionId)),
    drained: batches.drained,
  };
}

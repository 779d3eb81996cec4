import { NOTHING_RAN } from '../../vocabulary/decision.ts';
import type { UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import type { Admission, Books } from '../books.ts';

/** Where settlements go: into the ledger, or into the spool. */
type Settle = (settlement: UnpricedSettlement) => Promise<unknown>;

/** Queries whose client was told no, although the ledger may have admitted them: they are given back as not run. */
export interface GiveBacks {
  /** @param settle goes to the spool if the ledger has just failed */
  giveBack(admission: Admission, settle: Settle): Promise<void>;
  /**
   * Gives the query back if the ledger admits it too late. `pending` is the pending request, which nobody waits for any
   * more.
   */
  giveBackIfAdmitted(admission: Admission, pending: ReturnType<Books['admit']>): void;
  /** Retries settlements that could not be written anywhere. They are kept in memory until then. */
  retry(): Promise<void>;
  /** Resolves once nothing is under way. */
  drained(): Promise<void>;
}

/** @param onFailure called once for each settlement that neither the ledger nor the spool takes */
export function createGiveBacks(
  settle: Settle,
  onFailure: (decisionId: string, error: unknown) => void,
): GiveBacks {
  let unwritten: readonly UnpricedSettlement[] = [];
  const running = new Set<Promise<void>>();

  async function giveBack(admission: Admission, settleWith: Settle): Promise<void> {
    const settlement = notRun(admission);
    try {
      await settleWith(settlement);
    } catch (error) {
      unwritten = [...unwritten, settlement];
      onFailure(settlement.decisionId, error);
    }
  }

  async function giveBackLate(admission: Admission, pending: ReturnType<Books['admit']>): Promise<void> {
    // A rejected one reserved nothing, or was given back by whoever saw it fail.
    const outcome = await pending.catch(() => null);
    if (outcome?.reserved === true) await giveBack(admission, settle);
  }

  return {
    giveBack,
    giveBackIfAdmitted(admission, pending) {
      const done = giveBackLate(admission, pending).finally(() => running.delete(done));
      running.add(done);
    },
    async retry() {
      const toRetry = unwritten;
      unwritten = [];
      for (const settlement of toRetry) {
        await settle(settlement).catch(() => {
          unwritten = [...unwritten, settlement];
        });
      }
    },
    async drained() {
      await Promise.all(running);
    },
  };
}

function notRun({ decision, reservation }: Admission): UnpricedSettlement {
  return {
    decisionId: decision.id,
    admittedAtMs: decision.atMs,
    atMs: Date.now(),
    ...NOTHING_RAN,
    durationMs: null,
    errorReason: 'ledger too late',
    source: 'not run',
    price: { known: { ...reservation.spend.cost, micros: 0n } },
  };
}

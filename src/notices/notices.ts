import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { unitOf } from '../vocabulary/budget.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { listNotices, type RecordedNotice } from './list.ts';
import { noticeContent } from './notice.ts';
import { noticeOf, type ReachedThreshold, reachedThresholds } from './thresholds.ts';

/** Notices about budgets that reach the thresholds in their `warn_at`. */
export interface Notices {
  /**
   * Enters a notice for each threshold that an account has newly reached: once per window, over all replicas and
   * restarts. Of several reached together, the highest is sent. Never rejects, and nothing needs to wait for it; what
   * could not be entered is retried with the next settlement.
   * @param balances the state after a settlement
   */
  check(balances: readonly BudgetBalance[], nowMs: number): Promise<void>;
  /** Newest first. */
  list(query: { readonly limit: number }): Promise<readonly RecordedNotice[]>;
}

/** This many thresholds are known to be entered without asking the ledger. */
const MAX_REMEMBERED = 10_000;

/** Notices kept in the ledger. */
export function createNotices({
  ledger,
  onError,
}: {
  readonly ledger: Ledger;
  /** Called when notices could not be entered. */
  readonly onError: (error: unknown) => void;
}): Notices {
  /** When a threshold was entered. Nearly every settlement ends here without asking the ledger. */
  const enteredAtMs = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  return {
    async check(balances, nowMs) {
      const reached = balances
        .flatMap((balance) => reachedThresholds(balance, nowMs))
        .filter((reachedThreshold) => {
          const atMs = enteredAtMs.get(keyOf(reachedThreshold));
          return atMs === undefined || isNewsAgain(reachedThreshold, atMs, nowMs);
        });
      if (reached.length === 0) return;
      // Before they are entered, so that a burst of settlements does not ask about the same one each time.
      for (const reachedThreshold of reached) enteredAtMs.set(keyOf(reachedThreshold), nowMs);
      try {
        const recent = await ledger.write((db) => enterReached(db, reached, nowMs));
        for (const { reachedThreshold, atMs } of recent) enteredAtMs.set(keyOf(reachedThreshold), atMs);
      } catch (error) {
        for (const reachedThreshold of reached) enteredAtMs.delete(keyOf(reachedThreshold));
        onError(error);
      }
    },
    list: ({ limit }) => listNotices(ledger.read, limit),
  };
}

/** A threshold that was already reported within the length of its rolling window. */
interface RecentlyReached {
  readonly reachedThreshold: ReachedThreshold;
  readonly atMs: number;
}

async function enterReached(
  db: LedgerTransaction,
  reached: readonly ReachedThreshold[],
  nowMs: number,
): Promise<readonly RecentlyReached[]> {
  const recent: RecentlyReached[] = [];
  for (const reachedThreshold of reached) {
    const atMs = await recentlyEntered(db, reachedThreshold, nowMs);
    if (atMs === null) await insertNotice(db, reachedThreshold, nowMs);
    else recent.push({ reachedThreshold, atMs });
  }
  return recent;
}

/** When a rolling window's threshold was last reached, within the window's length; null if it was not. */
async function recentlyEntered(
  db: LedgerTransaction,
  reachedThreshold: ReachedThreshold,
  nowMs: number,
): Promise<number | null> {
  if (reachedThreshold.againAfterMs === null) return null;
  const { budget, account } = reachedThreshold.balance;
  const row = await db
    .selectFrom('notices')
    .select('at_ms')
    .where('budget', '=', budget.name)
    .where('account', '=', account)
    .where('unit', '=', unitOf(budget.limit))
    .where('threshold', '=', BigInt(reachedThreshold.threshold))
    .where('window_key', 'like', `${budget.window}@%`)
    .where('at_ms', '>', BigInt(nowMs - reachedThreshold.againAfterMs))
    .where('at_ms', '<', BigInt(nowMs + reachedThreshold.againAfterMs))
    .orderBy('at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : Number(row.at_ms);
}

async function insertNotice(
  db: LedgerTransaction,
  reachedThreshold: ReachedThreshold,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto('notices')
    .values(rowOf(reachedThreshold, nowMs))
    .onConflict((on) => on.doNothing())
    .execute();
}

function rowOf(reachedThreshold: ReachedThreshold, nowMs: number): Insertable<LedgerSchema['notices']> {
  const notice = noticeOf(reachedThreshold, nowMs);
  return {
    id: randomUUID(),
    budget: notice.budget,
    account: notice.account,
    window_key: notice.windowKey,
    unit: notice.unit,
    threshold: BigInt(notice.threshold),
    at_ms: BigInt(notice.atMs),
    content: JSON.stringify(noticeContent.encode(notice)),
    told_at_ms: reachedThreshold.surpassed ? BigInt(nowMs) : null,
  };
}

function keyOf({ balance, windowKey, againAfterMs, threshold }: ReachedThreshold): string {
  const { budget, account } = balance;
  // The parts of a rolling window pass while a notice still applies, so it goes by when the threshold was reached.
  const window = againAfterMs === null ? windowKey : budget.window;
  return JSON.stringify([budget.name, account, window, unitOf(budget.limit), threshold]);
}

/**
 * Whether a threshold that was entered before is to be entered again. A time as far ahead is from a clock that has been
 * set back since.
 */
function isNewsAgain({ againAfterMs }: ReachedThreshold, atMs: number, nowMs: number): boolean {
  return againAfterMs !== null && Math.abs(nowMs - atMs) >= againAfterMs;
}

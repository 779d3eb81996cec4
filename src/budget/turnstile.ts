import { createFairLine, type FairLine } from '../vocabulary/fair-line.ts';
import {
  createEntrant,
  type Entrant,
  type Entry,
  type Passage,
  type Place,
  type WaitEnd,
} from './entrant.ts';

export type { Asked, Entry, Passage, Place, WaitEnd } from './entrant.ts';

/**
 * Orders who in this process may ask the ledger next for a place that is full. The ledger alone decides whether there
 * is room; a turn is no more than leave to ask. Why it is made so:
 * docs/decisions/0007-who-waits-for-a-free-place-waits-in-turn.md.
 */
export interface Turnstile {
  /**
   * Asks the ledger at once where nobody waits for any of the accounts, and else in turn. An answer is handed on even
   * where the client hung up, or the time ran out, while the ledger was asked: what it took must be given back.
   * @throws what `ask` throws, which holds up nobody else
   */
  pass<T>(entry: Entry<T>): Promise<Passage<T>>;
  /** This process gave back a place of this account: the next in line asks. */
  released(account: string): void;
  /** How many wait at each account; those where nobody waits are left out. */
  waiting(): ReadonlyMap<string, number>;
  /** Ends all waits. From here on a query asks once at most, and does not wait. */
  close(): void;
}

/** Those who wait at one account. It is there from the first who waits to the last. */
interface Line {
  readonly account: string;
  readonly waiting: FairLine<Entrant>;
  /** One has its turn. */
  isAsking: boolean;
  /** There may be room that the one who asks has not seen. */
  isNudged: boolean;
  poll: NodeJS.Timeout | undefined;
}

/** @param pollMs how often the head of a line asks unprompted: other replicas give places back unseen */
export function createTurnstile({ pollMs = 250 }: { readonly pollMs?: number } = {}): Turnstile {
  const lines = new Map<string, Line>();
  let releases = 0;
  let isClosed = false;

  /** Lines up where others wait already, or else asks. */
  async function proceed(entrant: Entrant): Promise<void> {
    const busy = entrant.places.find(({ account }) => lines.has(account) && !entrant.heard.has(account));
    if (busy !== undefined) return lineUp(entrant, busy);
    const releasesBefore = releases;
    entrant.isAsking = true;
    const full = await entrant.ask();
    entrant.isAsking = false;
    if (full === null) return leave(entrant);
    entrant.heard.delete(full.account);
    if (entrant.ended !== null) return endWait(entrant, entrant.ended, full.account);
    if (entrant.standsAt === full.account) return;
    lineUp(entrant, full);
    // What was given back while the ledger was asked found this query in no line.
    if (releases !== releasesBefore) nudge(full.account);
  }

  function lineUp(entrant: Entrant, place: Place): void {
    const { account } = place;
    stepOut(entrant);
    const end = endBeforeWait(entrant, place);
    if (end === null) {
      const line = lines.get(account) ?? openLine(account);
      line.waiting.join(entrant);
      entrant.standsAt = account;
      entrant.stopLimit ??= entrant.limitWait((late) => endWait(entrant, late, entrant.standsAt ?? account));
    } else endWait(entrant, end, account);
  }

  function endBeforeWait(entrant: Entrant, place: Place): WaitEnd | null {
    if (isClosed) return 'closed';
    if (entrant.signal.aborted) return 'gone';
    return makeRoom(place, entrant.caller) ? null : 'line full';
  }

  /** Whether a caller finds a place in line, another's last query making way where that caller has more of them. */
  function makeRoom({ account, limit }: Place, caller: string): boolean {
    const line = lines.get(account);
    if ((line?.waiting.size ?? 0) < limit) return true;
    const last = line?.waiting.lastOfLongest({ insteadOf: caller }) ?? null;
    if (last !== null) endWait(last, 'line full', account);
    return last !== null;
  }

  function openLine(account: string): Line {
    const poll = setTimeout(() => nudge(account), pollMs);
    const line: Line = { account, waiting: createFairLine(), isAsking: false, isNudged: false, poll };
    lines.set(account, line);
    return line;
  }

  function nudge(account: string): void {
    const line = lines.get(account);
    if (line === undefined) return;
    if (line.isAsking) line.isNudged = true;
    else void giveTurns(line);
  }

  /** One after the other asks, for as long as there may be more room. */
  async function giveTurns(line: Line): Promise<void> {
    clearTimeout(line.poll);
    line.isAsking = true;
    do {
      line.isNudged = false;
      const head = line.waiting.head();
      if (head === null) break;
      head.heard.add(line.account);
      await proceed(head);
    } while (line.isNudged);
    line.isAsking = false;
    if (line.waiting.size > 0) line.poll = setTimeout(() => nudge(line.account), pollMs);
  }

  function endWait(entrant: Entrant, end: WaitEnd, account: string): void {
    entrant.ended = end;
    if (entrant.isAsking) return;
    entrant.giveUp(end, account);
    leave(entrant);
  }

  function leave(entrant: Entrant): void {
    stepOut(entrant);
    entrant.stopLimit?.();
  }

  /** Leaves the line where it stands. Where it had its turn there, the turn goes on to the next. */
  function stepOut(entrant: Entrant): void {
    const line = entrant.standsAt === null ? undefined : lines.get(entrant.standsAt);
    if (line === undefined) return;
    const hadTurn = entrant.heard.has(line.account);
    entrant.standsAt = null;
    line.waiting.leave(entrant, { hadTurn });
    if (line.waiting.size === 0) {
      clearTimeout(line.poll);
      lines.delete(line.account);
    } else if (hadTurn) nudge(line.account);
  }

  return {
    pass: (entry) => new Promise((resolve, reject) => void proceed(createEntrant(entry, resolve, reject))),
    released(account) {
      releases += 1;
      nudge(account);
    },
    waiting: () => new Map([...lines].map(([account, { waiting }]) => [account, waiting.size])),
    close() {
      isClosed = true;
      for (const { account, waiting } of [...lines.values()]) {
        for (const entrant of waiting.everyone()) endWait(entrant, 'closed', account);
      }
    },
  };
}

import {
  createEntrant,
  type Entrant,
  type PassOutcome,
  type Place,
  type PlaceRequest,
  type WaitEnd,
} from './entrant.ts';
import { createLine, type Line } from './line.ts';

export type { LedgerAnswer, PassOutcome, Place } from './entrant.ts';

/**
 * Decides which query in this process may next ask the ledger for a place that is full. Only the ledger decides whether
 * there is room; a turn is merely permission to ask. For the reasons see
 * docs/decisions/0007-who-waits-for-a-free-place-waits-in-turn.md.
 */
export interface Turnstile {
  /**
   * Asks the ledger at once if nobody waits for any of the accounts, and otherwise in turn. An answer is passed on even
   * if the client hung up, or the time ran out, while the ledger was asked: what it took must be given back.
   * @throws what `ask` throws, which holds up nobody else
   */
  pass<T>(request: PlaceRequest<T>): Promise<PassOutcome<T>>;
  /** This process gave back a place of this account: the next in line asks. */
  released(account: string): void;
  /** How many wait for each account, without those for which nobody waits. */
  waiting(): ReadonlyMap<string, number>;
  /** Ends all waits. From now on a query asks at most once, and does not wait. */
  close(): void;
}

/** @param pollMs how often the head of a line asks unprompted: it cannot see other replicas give places back */
export function createTurnstile({ pollMs = 250 }: { readonly pollMs?: number } = {}): Turnstile {
  const hall: Hall = { lines: new Map(), pollMs, releases: 0, isClosed: false };
  return {
    pass: (request) =>
      new Promise((resolve, reject) => void proceed(hall, createEntrant(request, resolve, reject))),
    released(account) {
      hall.releases += 1;
      hall.lines.get(account)?.nudge();
    },
    waiting: () => new Map([...hall.lines].map(([account, { waiting }]) => [account, waiting.size])),
    close: () => close(hall),
  };
}

/** Where everyone waits. */
interface Hall {
  /** By account; there is none if nobody waits. */
  readonly lines: Map<string, Line>;
  readonly pollMs: number;
  /** How many places this process has given back. */
  releases: number;
  isClosed: boolean;
}

/** Joins a line if others wait there already, and otherwise asks. */
async function proceed(hall: Hall, entrant: Entrant): Promise<void> {
  const busy = entrant.places.find(({ account }) => hall.lines.has(account) && !entrant.heard.has(account));
  if (busy !== undefined) return lineUp(hall, entrant, busy);
  const releasesBefore = hall.releases;
  entrant.isAsking = true;
  const full = await entrant.ask();
  entrant.isAsking = false;
  if (full === null) return leave(hall, entrant);
  entrant.heard.delete(full.account);
  if (entrant.ended !== null) return endWait(hall, entrant, entrant.ended, full.account);
  if (entrant.standsAt === full.account) return;
  lineUp(hall, entrant, full);
  // A place given back while the ledger was asked found this query in no line.
  if (hall.releases !== releasesBefore) hall.lines.get(full.account)?.nudge();
}

function lineUp(hall: Hall, entrant: Entrant, place: Place): void {
  const { account } = place;
  stepOut(hall, entrant);
  const end = endBeforeWait(hall, entrant, place);
  if (end !== null) {
    endWait(hall, entrant, end, account);
    return;
  }
  lineAt(hall, account).waiting.enqueue(entrant);
  entrant.standsAt = account;
  entrant.stopLimit ??= entrant.limitWait((late) =>
    endWait(hall, entrant, late, entrant.standsAt ?? account),
  );
}

function endBeforeWait(hall: Hall, entrant: Entrant, place: Place): WaitEnd | null {
  if (hall.isClosed) return 'closed';
  if (entrant.signal.aborted) return 'gone';
  return makeRoom(hall, place, entrant.caller) ? null : 'line full';
}

/** Whether a caller gets a place in line. A caller with more places gives up its last one. */
function makeRoom(hall: Hall, { account, limit }: Place, caller: string): boolean {
  const waiting = hall.lines.get(account)?.waiting;
  if ((waiting?.size ?? 0) < limit) return true;
  const last = waiting?.evictionCandidate({ insteadOf: caller }) ?? null;
  if (last !== null) endWait(hall, last, 'line full', account);
  return last !== null;
}

/** The line of an account; a new one if nobody waits there. */
function lineAt(hall: Hall, account: string): Line {
  const there = hall.lines.get(account);
  if (there !== undefined) return there;
  const line = createLine(account, hall.pollMs, (head) => proceed(hall, head));
  hall.lines.set(account, line);
  return line;
}

function endWait(hall: Hall, entrant: Entrant, end: WaitEnd, account: string): void {
  entrant.ended = end;
  if (entrant.isAsking) return;
  entrant.giveUp(end, account);
  leave(hall, entrant);
}

function leave(hall: Hall, entrant: Entrant): void {
  stepOut(hall, entrant);
  entrant.stopLimit?.();
}

/** Leaves the line. If it was its turn there, the turn passes to the next. */
function stepOut({ lines }: Hall, entrant: Entrant): void {
  const account = entrant.standsAt;
  const line = account === null ? undefined : lines.get(account);
  if (account === null || line === undefined) return;
  const hadTurn = entrant.heard.has(account);
  entrant.standsAt = null;
  line.waiting.remove(entrant, { hadTurn });
  if (line.waiting.size === 0) {
    line.close();
    lines.delete(account);
  } else if (hadTurn) line.nudge();
}

function close(hall: Hall): void {
  hall.isClosed = true;
  for (const [account, { waiting }] of [...hall.lines]) {
    for (const entrant of waiting.entries()) endWait(hall, entrant, 'closed', account);
  }
}

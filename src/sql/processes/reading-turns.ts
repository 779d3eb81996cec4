import { startTimeLimit } from '../../foundation/waiting/time-limit.ts';
import { canTakeAnother, isFree, type Member } from './reading-members.ts';
import { createReadingQueue, type QueuedRead, type Turn } from './reading-queue.ts';

/** Gives queries their turn at the reading processes: callers take turns, and none gets all processes at once. */
export interface ReadingTurns {
  /** Resolves to the process that reads the query, or to why none does. */
  wait(caller: string, characters: number): Promise<Turn>;
  /** A process may have room: gives turns to those who wait, as far as there is room. */
  next(): void;
  /** Sends those away who still wait and match. */
  sendAway(why: 'throttled' | 'stops', matches: (entry: QueuedRead) => boolean): void;
}

/**
 * @param members all reading processes; more may be added later
 * @param options.waitMs the longest that a query waits for its turn
 * @param options.hasShortOnly whether some process is for short SQL only
 */
export function createReadingTurns(
  members: readonly Member[],
  { waitMs, hasShortOnly }: { readonly waitMs: number; readonly hasShortOnly: boolean },
): ReadingTurns {
  const queue = createReadingQueue(hasShortOnly);

  function nextFor(member: Member): QueuedRead | null {
    if (!isFree(member)) return null;
    const peers = members.filter(({ isForShort }) => isForShort === member.isForShort);
    return queue.next(member.isForShort, (caller) => canTakeAnother(caller, peers));
  }

  function next(): void {
    for (const member of members) {
      for (let entry = nextFor(member); entry !== null; entry = nextFor(member)) {
        member.callers.push(entry.caller);
        entry.begin(member);
      }
    }
  }

  return {
    wait: (caller, characters) =>
      new Promise((resolve) => {
        const entry: QueuedRead = {
          caller,
          characters,
          begin(turn) {
            limit.cancel();
            queue.remove(entry, { hadTurn: typeof turn !== 'string' });
            resolve(turn);
          },
        };
        const limit = startTimeLimit(waitMs, () => entry.begin('none free'), { keepsAlive: true });
        queue.enqueue(entry);
        next();
      }),
    next,
    sendAway(why, matches) {
      for (const entry of queue.entries()) if (matches(entry)) entry.begin(why);
    },
  };
}

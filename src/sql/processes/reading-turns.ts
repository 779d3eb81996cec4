import { startTimeLimit } from '../../waiting/time-limit.ts';
import { createReadingLines, type Turn, type Waiting } from './reading-lines.ts';
import { isFree, type Member, mayHaveOneMore } from './reading-members.ts';

/** Gives queries their turn at the reading processes: callers take turns, and none gets all processes at once. */
export interface ReadingTurns {
  /** Resolves to the process that reads the query, or to why none does. */
  wait(caller: string, characters: number): Promise<Turn>;
  /** A process may have room: gives turns to those who wait, as far as there is room. */
  next(): void;
  /** Sends those away who still wait and match. */
  sendAway(why: 'throttled' | 'stops', matches: (one: Waiting) => boolean): void;
}

/**
 * @param members all reading processes; more may be added later
 * @param options.waitMs the longest that a query waits for its turn
 * @param options.knowsShort whether some process is for short SQL only
 */
export function createReadingTurns(
  members: readonly Member[],
  { waitMs, knowsShort }: { readonly waitMs: number; readonly knowsShort: boolean },
): ReadingTurns {
  const lines = createReadingLines(knowsShort);

  function headFor(member: Member): Waiting | null {
    if (!isFree(member)) return null;
    const alike = members.filter(({ isForShort }) => isForShort === member.isForShort);
    return lines.head(member.isForShort, (caller) => mayHaveOneMore(caller, alike));
  }

  function next(): void {
    for (const member of members) {
      for (let head = headFor(member); head !== null; head = headFor(member)) {
        member.callers.push(head.caller);
        head.begin(member);
      }
    }
  }

  return {
    wait: (caller, characters) =>
      new Promise((resolve) => {
        const one: Waiting = {
          caller,
          characters,
          begin(turn) {
            limit.cancel();
            lines.leave(one, { hadTurn: typeof turn !== 'string' });
            resolve(turn);
          },
        };
        const limit = startTimeLimit(waitMs, () => one.begin('none free'), { keepsAlive: true });
        lines.join(one);
        next();
      }),
    next,
    sendAway(why, matches) {
      for (const one of lines.everyone()) if (matches(one)) one.begin(why);
    },
  };
}

import { LRUCache } from 'lru-cache';

/** Whose SQL was given up because it took too long to read, and how long it was. */
export interface GivenUpSql {
  add(caller: string, characters: number): void;
  /**
   * Whether SQL of that caller is not to be tried: some of it was given up again and again of late, and the shortest
   * of that was no longer than this. Shorter SQL of theirs is read as ever, since others may stand behind the same account.
   */
  forbids(caller: string, characters: number): boolean;
}

/** One slow query is nobody's fault, and with the same SQL it is not tried again anyway. */
const TIMES = 3;
const WITHIN_MINUTES = 5;
/** Callers that are remembered. */
const MOST_CALLERS = 1_000;

/** SQL that was given up. */
interface Once {
  readonly atMs: number;
  readonly characters: number;
}

/** Told in place of a reading, so that whoever sent the SQL knows why it was not even tried. */
export const THROTTLED_REASON = `SQL of its caller, no longer than this, took too long to read ${TIMES} times within ${WITHIN_MINUTES} minutes`;

/** @param now milliseconds of a clock that nobody sets */
export function createGivenUp(now: () => number = () => performance.now()): GivenUpSql {
  const byCaller = new LRUCache<string, readonly Once[]>({ max: MOST_CALLERS });
  const ofLate = (caller: string) =>
    (byCaller.get(caller) ?? []).filter(({ atMs }) => atMs > now() - WITHIN_MINUTES * 60_000);
  return {
    add(caller, characters) {
      byCaller.set(caller, [...ofLate(caller), { atMs: now(), characters }]);
    },
    forbids(caller, characters) {
      const times = ofLate(caller);
      return times.length >= TIMES && times.some((once) => once.characters <= characters);
    },
  };
}

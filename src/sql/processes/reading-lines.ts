import { createFairQueue } from '../../waiting/fair-queue.ts';
import type { Member } from './reading-members.ts';

/** Where to read, or why not at all. */
export type Turn = Member | 'none free' | 'throttled' | 'stops';

/** One query that waits for its turn. */
export interface Waiting {
  readonly caller: string;
  readonly characters: number;
  begin(turn: Turn): void;
}

/** The queries that wait to be read: callers take turns, and short SQL does not queue behind long SQL. */
export interface ReadingLines {
  everyone(): readonly Waiting[];
  /** The next one, or null if none that may run is waiting: from short SQL only, or from long SQL first. */
  head(isForShort: boolean, mayGo: (caller: string) => boolean): Waiting | null;
  join(one: Waiting): void;
  /** @param hadTurn whether it is being read now */
  leave(one: Waiting, options: { readonly hadTurn: boolean }): void;
}

/** This much takes milliseconds to read, or a few dozen if it is malicious, and few people write more. */
const MOST_CHARACTERS_OF_SHORT = 8_192;

/** @param knowsShort whether some process is for short SQL only; if none is, there is a single queue */
export function createReadingLines(knowsShort: boolean): ReadingLines {
  const long = createFairQueue<Waiting>();
  const short = createFairQueue<Waiting>();
  const lineOf = ({ characters }: Waiting) =>
    knowsShort && characters > MOST_CHARACTERS_OF_SHORT ? long : short;
  return {
    everyone: () => [...long.entries(), ...short.entries()],
    head: (isForShort, mayGo) => (isForShort ? null : long.next(mayGo)) ?? short.next(mayGo),
    join: (one) => lineOf(one).enqueue(one),
    leave: (one, options) => lineOf(one).remove(one, options),
  };
}

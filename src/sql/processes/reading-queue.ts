import { createFairQueue } from '../../foundation/waiting/fair-queue.ts';
import type { Member } from './reading-members.ts';

/** Where to read, or why not at all. */
export type Turn = Member | 'none free' | 'throttled' | 'stops';

/** One query that waits for its turn. */
export interface QueuedRead {
  readonly caller: string;
  readonly characters: number;
  begin(turn: Turn): void;
}

/** The queries that wait to be read: callers take turns, and short SQL does not queue behind long SQL. */
export interface ReadingQueue {
  entries(): readonly QueuedRead[];
  /** The next one, or null if none that may run is waiting: from short SQL only, or from long SQL first. */
  next(isForShort: boolean, isEligible: (caller: string) => boolean): QueuedRead | null;
  enqueue(entry: QueuedRead): void;
  /** @param hadTurn whether it is being read now */
  remove(entry: QueuedRead, options: { readonly hadTurn: boolean }): void;
}

/** This much takes milliseconds to read, or a few dozen if it is malicious, and few people write more. */
const MAX_CHARACTERS_OF_SHORT = 8_192;

/** @param hasShortOnly whether some process is for short SQL only; if none is, there is a single queue */
export function createReadingQueue(hasShortOnly: boolean): ReadingQueue {
  const long = createFairQueue<QueuedRead>();
  const short = createFairQueue<QueuedRead>();
  const queueOf = ({ characters }: QueuedRead) =>
    hasShortOnly && characters > MAX_CHARACTERS_OF_SHORT ? long : short;
  return {
    entries: () => [...long.entries(), ...short.entries()],
    next: (isForShort, isEligible) => (isForShort ? null : long.next(isEligible)) ?? short.next(isEligible),
    enqueue: (entry) => queueOf(entry).enqueue(entry),
    remove: (entry, options) => queueOf(entry).remove(entry, options),
  };
}

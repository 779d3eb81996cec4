import { createFairQueue, type FairQueue } from '../../foundation/waiting/fair-queue.ts';
import type { Entrant } from './entrant.ts';

/** Queries that wait for one account. The line exists while anybody waits. */
export interface Line {
  readonly waiting: FairQueue<Entrant>;
  /** There may be room: the head asks, once the current one has asked. */
  nudge(): void;
  /** Nobody waits any more, so it no longer asks by itself. */
  close(): void;
}

/**
 * @param pollMs how often the head asks unprompted
 * @param ask lets the head ask; if it is let through or has to wait elsewhere, it leaves
 */
export function createLine(account: string, pollMs: number, ask: (head: Entrant) => Promise<void>): Line {
  const waiting = createFairQueue<Entrant>();
  let isAsking = false;
  /** There may be room that the one who is asking has not seen. */
  let isNudged = false;
  let poll = setTimeout(nudge, pollMs);

  function nudge(): void {
    if (isAsking) isNudged = true;
    else void giveTurns();
  }

  /** One after the other asks, as long as there may be more room. */
  async function giveTurns(): Promise<void> {
    clearTimeout(poll);
    isAsking = true;
    do {
      isNudged = false;
      const head = waiting.next();
      if (head === null) break;
      head.heard.add(account);
      await ask(head);
    } while (isNudged);
    isAsking = false;
    if (waiting.size > 0) poll = setTimeout(nudge, pollMs);
  }

  return { waiting, nudge, close: () => clearTimeout(poll) };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { BadRequest } from './stop.ts';

/**
 * Large bodies take up the one thread that answers everybody, in proportion to their length. So those of one caller are
 * taken in no faster than so many bytes in a second, the first at once.
 */
export interface BodyPace {
  /**
   * Settles when so many bytes may be taken in.
   * @param callerOf is asked only where they are many
   * @throws BadRequest where too much of their caller's waits before them; not at once, lest it be sent again at once
   */
  turn(bytes: number, callerOf: () => string): Promise<void>;
}

/** What people and programs write is smaller, and waits for nothing. */
const LARGE_BYTES = 64 << 10;
const BYTES_PER_SECOND = 2 << 20;
const LONGEST_WAIT_MS = 10_000;
/** Callers that are remembered. */
const MOST_CALLERS = 1_000;

/** Settles when so much of a request's body may be taken in. */
export type BodyTurn = (request: Request, bytes: number) => Promise<void>;

/**
 * Reads a body in its caller's turn: what is said to come waits before it is read, and what comes unsaid, or is
 * unpacked, before it is looked at.
 * @throws BadRequest where it is not its turn for too long, and whatever reading throws
 */
export async function readInTurn<B extends Uint8Array>(
  request: Request,
  read: () => Promise<B>,
  { maxQueryBodyBytes, bodyTurn }: { readonly maxQueryBodyBytes: number; readonly bodyTurn: BodyTurn },
): Promise<B> {
  const said = Number(request.headers['content-length'] ?? 0);
  // What is longer than may be is refused unread.
  if (said <= maxQueryBodyBytes) await bodyTurn(request, said);
  const bytes = await read();
  await bodyTurn(request, bytes.length - said);
  return bytes;
}

interface PaceOptions {
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export function createBodyPace({ now = () => performance.now(), wait = sleep }: PaceOptions = {}): BodyPace {
  /** When the next large body of each caller may be looked at. */
  const nextAtMs = new LRUCache<string, number>({ max: MOST_CALLERS });
  return {
    async turn(bytes, callerOf) {
      if (bytes < LARGE_BYTES) return;
      const caller = callerOf();
      const atMs = Math.max(now(), nextAtMs.get(caller) ?? 0);
      const waitMs = atMs - now();
      const isTooMuch = waitMs > LONGEST_WAIT_MS;
      if (!isTooMuch) nextAtMs.set(caller, atMs + (bytes / BYTES_PER_SECOND) * 1000);
      if (waitMs > 0) await wait(Math.min(waitMs, LONGEST_WAIT_MS));
      if (isTooMuch) throw tooMuchAtOnce();
    },
  };
}

function tooMuchAtOnce(): BadRequest {
  return new BadRequest(
    'backendError',
    `Too many large requests at once: of one caller, ${BYTES_PER_SECOND >> 20} MiB a second are taken in requests of ${LARGE_BYTES >> 10} KiB and more. Try again in a while.`,
    503,
  );
}

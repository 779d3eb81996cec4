import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { BadRequest } from '../stop.ts';

/**
 * Reading a body keeps the one thread busy that answers everybody, for a time in proportion to the body's length. So
 * the large bodies of one caller are read at a fixed number of bytes a second and no faster; the first is read at
 * once.
 */
export interface BodyPace {
  /**
   * Settles when this many bytes may be read.
   * @param callerOf called only where the bytes are many
   * @throws BadRequest where too many bytes of the same caller wait before these; after a pause, lest the client send
   *   them again at once
   */
  turn(bytes: number, callerOf: () => string): Promise<void>;
}

/** What people and programs write is smaller, and waits for nothing. */
const LARGE_BYTES = 64 << 10;
const BYTES_PER_SECOND = 2 << 20;
const LONGEST_WAIT_MS = 10_000;
/** How many callers are remembered at the most. */
const MOST_CALLERS = 1_000;

/** Settles when this many bytes of a request's body may be read. */
export type BodyTurn = (request: Request, bytes: number) => Promise<void>;

/**
 * Reads a body in its caller's turn. The length that the headers announce waits before the body is read; bytes beyond
 * it, which came unannounced or out of a compressed body, wait before anybody looks at them.
 * @throws BadRequest where it is not its turn for too long, and whatever reading throws
 */
export async function readInTurn<B extends Uint8Array>(
  request: Request,
  read: () => Promise<B>,
  { maxQueryBodyBytes, bodyTurn }: { readonly maxQueryBodyBytes: number; readonly bodyTurn: BodyTurn },
): Promise<B> {
  const said = Number(request.headers['content-length'] ?? 0);
  // A body that is longer than the limit is refused without being read, so it waits for nothing.
  if (said <= maxQueryBodyBytes) await bodyTurn(request, said);
  const bytes = await read();
  await bodyTurn(request, bytes.length - said);
  return bytes;
}

interface PaceOptions {
  /** Milliseconds of a monotonic clock. */
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

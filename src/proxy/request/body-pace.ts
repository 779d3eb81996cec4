import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { BadRequest } from '../stop.ts';

/**
 * Reading a body occupies the one thread that answers everybody, for a time proportional to its length. The large
 * bodies of one caller are therefore read at no more than a fixed number of bytes per second; the first one is read at
 * once.
 */
export interface BodyPace {
  /**
   * Settles when this many bytes may be read.
   * @param callerOf called only for many bytes
   * @throws BadRequest if too many bytes of the same caller are waiting already; after a pause, so that the client does
   * not send them again at once
   */
  turn(bytes: number, callerOf: () => string): Promise<void>;
}

/** What people and programs write is smaller, and need not wait. */
const LARGE_BYTES = 64 << 10;
const BYTES_PER_SECOND = 2 << 20;
const MAX_WAIT_MS = 10_000;
/** The most callers that are remembered. */
const MAX_CALLERS = 1_000;

/** Settles when this many bytes of a request's body may be read. */
export type BodyTurn = (request: Request, bytes: number) => Promise<void>;

/**
 * Reads a body when it is its caller's turn. The length announced in the headers waits before the body is read; bytes
 * beyond it, unannounced or from a compressed body, wait before they are looked at.
 * @throws BadRequest if its turn does not come for too long, and whatever reading throws
 */
export async function readInTurn<B extends Uint8Array>(
  request: Request,
  read: () => Promise<B>,
  { maxQueryBodyBytes, bodyTurn }: { readonly maxQueryBodyBytes: number; readonly bodyTurn: BodyTurn },
): Promise<B> {
  const contentLength = Number(request.headers['content-length'] ?? 0);
  // A body above the limit is refused unread, so it need not wait.
  if (contentLength <= maxQueryBodyBytes) await bodyTurn(request, contentLength);
  const bytes = await read();
  await bodyTurn(request, bytes.length - contentLength);
  return bytes;
}

interface PaceOptions {
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export function createBodyPace({ now = () => performance.now(), wait = sleep }: PaceOptions = {}): BodyPace {
  /** When each caller's next large body may be read. */
  const nextAtMs = new LRUCache<string, number>({ max: MAX_CALLERS });
  return {
    async turn(bytes, callerOf) {
      if (bytes < LARGE_BYTES) return;
      const caller = callerOf();
      const atMs = Math.max(now(), nextAtMs.get(caller) ?? 0);
      const waitMs = atMs - now();
      const isTooMuch = waitMs > MAX_WAIT_MS;
      if (!isTooMuch) nextAtMs.set(caller, atMs + (bytes / BYTES_PER_SECOND) * 1000);
      if (waitMs > 0) await wait(Math.min(waitMs, MAX_WAIT_MS));
      if (isTooMuch) throw tooMuchAtOnce();
    },
  };
}

function tooMuchAtOnce(): BadRequest {
  return new BadRequest(
    'backendError',
    `Too many large requests at once: one caller may send ${BYTES_PER_SECOND >> 20} MiB a second in requests of ${LARGE_BYTES >> 10} KiB and more. Try again in a while.`,
    503,
  );
}

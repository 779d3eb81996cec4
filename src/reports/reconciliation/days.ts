import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** A span cut into pieces of at most this many milliseconds. */
export function piecesOf({ fromMs, toMs }: TimeSpan, lengthMs: number): readonly TimeSpan[] {
  const pieces: TimeSpan[] = [];
  for (let start = fromMs; start < toMs; start += lengthMs) {
    pieces.push({ fromMs: start, toMs: Math.min(start + lengthMs, toMs) });
  }
  return pieces;
}

import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from '../request/json-bytes.ts';

/** The state of skipping over JSON, kept from chunk to chunk. */
export interface Skipped {
  /** Open arrays and objects; 0 outside. */
  depth: number;
  inString: boolean;
  /** The last byte was a backslash in a string, and escapes the next one. */
  escaped: boolean;
}

/** How a byte outside strings changes the depth. */
const DEEPER = new Int8Array(256);
for (const byte of [OPEN_ARRAY, OPEN_OBJECT]) DEEPER[byte] = 1;
for (const byte of [CLOSE_ARRAY, CLOSE_OBJECT]) DEEPER[byte] = -1;

/**
 * Skips bytes until what is open has ended. All rows of a result pass through here.
 * @param from where in the chunk to begin
 * @returns where to continue: after the end, or the length of the chunk
 */
export function skip(chunk: Uint8Array, from: number, state: Skipped): number {
  let at = state.inString ? skipString(chunk, from, state) : from;
  let { depth } = state;
  while (at < chunk.length) {
    const byte = chunk[at] ?? 0;
    at += 1;
    if (byte === QUOTE) at = skipBegun(chunk, at, state);
    else if (byte >= OPEN_ARRAY) {
      depth += DEEPER[byte] ?? 0;
      if (depth === 0) break;
    } else if (byte <= SPACE) at = endOfSpace(chunk, at);
  }
  state.depth = depth;
  return at;
}

/** The position of the next byte that is not white space, or the end of the chunk. */
export function endOfSpace(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && (chunk[at] ?? 0) <= SPACE) at += 1;
  return at;
}

/** Skips a string that has just begun. Most are plain and end in the same chunk: no state is kept for them. */
function skipBegun(chunk: Uint8Array, from: number, state: Skipped): number {
  const at = plainEnd(chunk, from);
  return at < chunk.length && chunk[at] === QUOTE ? at + 1 : skipString(chunk, at, state);
}

/** The position of the next quote or backslash, or the end of the chunk. */
function plainEnd(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
  return at;
}

/** Skips the rest of a string and its closing quote, as far as the chunk goes. */
export function skipString(
  chunk: Uint8Array,
  from: number,
  state: Pick<Skipped, 'inString' | 'escaped'>,
): number {
  let at = state.escaped ? from + 1 : from;
  state.inString = true;
  while (at < chunk.length) {
    const byte = chunk[at];
    at += byte === BACKSLASH ? 2 : 1;
    if (byte === QUOTE) {
      state.inString = false;
      break;
    }
  }
  state.escaped = at > chunk.length;
  return state.escaped ? chunk.length : at;
}

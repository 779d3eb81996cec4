import { BACKSLASH, CLOSE_OBJECT, COMMA, OPEN_OBJECT, QUOTE } from '../json-bytes.ts';

/** How deep JSON nests, and how many parts it has, which decides how long it takes to parse and to write. */
export interface JsonExtent {
  readonly levels: number;
  /** Opening brackets and commas. */
  readonly parts: number;
}

/** `[` and `{`, `]` and `}`: the two of each pair differ in this bit. */
const CURLY_BIT = 0x20;

/** Examines bytes that may or may not be JSON, in linear time, as far as the limits go. */
export function jsonExtent(bytes: Uint8Array, most: JsonExtent): JsonExtent {
  let levels = 0;
  let deepest = 0;
  let parts = 0;
  for (let at = 0; at < bytes.length && deepest <= most.levels && parts <= most.parts; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfText(bytes, at + 1);
    else if (byte === COMMA) parts += 1;
    else if ((byte | CURLY_BIT) === OPEN_OBJECT) {
      parts += 1;
      levels += 1;
      deepest = Math.max(deepest, levels);
    } else if ((byte | CURLY_BIT) === CLOSE_OBJECT) levels -= 1;
  }
  return { levels: deepest, parts };
}

/** The position of the quote that ends a string; the length if none does. */
function endOfText(bytes: Uint8Array, start: number): number {
  // A search is many times as fast as a loop, and bodies are mostly text.
  for (let at = bytes.indexOf(QUOTE, start); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    if (backslashesBefore(bytes, at, start) % 2 === 0) return at;
  }
  return bytes.length;
}

function backslashesBefore(bytes: Uint8Array, at: number, start: number): number {
  let first = at;
  while (first > start && bytes[first - 1] === BACKSLASH) first -= 1;
  return at - first;
}

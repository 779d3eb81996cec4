import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../json-bytes.ts';
import { type Skipped, skip } from './skipped-array.ts';

/**
 * Reads a few scalar fields out of a JSON answer while it streams by, in memory that does not grow with it: a
 * result may hold gigabytes of rows, and what was billed stands somewhere before or behind them.
 *
 * It follows objects by their keys and steps over arrays whole. Text that is not JSON yields no fields.
 */
export interface FieldScanner {
  /** Takes the next bytes. */
  write(chunk: Uint8Array): void;
  /** The fields found so far, by dotted path, scalars as their text (`"12"` and `12` alike give `12`). */
  readonly fields: ReadonlyMap<string, string>;
}

/** Keys and wanted values are short; what is longer is not what is looked for. */
const LONGEST_TOKEN_BYTES = 4096;
/** Wanted paths are at most this deep; deeper objects are stepped over. */
const DEEPEST_OBJECT = 6;

/** @param wanted dotted paths, such as `jobReference.jobId` */
export function createFieldScanner(wanted: readonly string[]): FieldScanner {
  const paths = new Set(wanted);
  const fields = new Map<string, string>();
  /** Keys from the root to the value at hand; `path.length` is the depth in objects. */
  const path: string[] = [];
  /** The array or the too deep object that is stepped over; its depth is 0 outside. */
  const skipped: Skipped = { depth: 0, inString: false, escaped: false };
  let inString = false;
  let escaped = false;
  let expectsKey = false;
  let token: number[] = [];
  let tokenIsString = false;

  function endOfValue(): void {
    const key = path.join('.');
    if (token.length > 0 || tokenIsString) {
      if (paths.has(key) && token.length < LONGEST_TOKEN_BYTES)
        fields.set(key, readToken(token, tokenIsString));
    }
    token = [];
    tokenIsString = false;
  }

  function endOfString(): void {
    inString = false;
    if (!expectsKey) return;
    path[path.length - 1] = readToken(token, true);
    token = [];
    tokenIsString = false;
  }

  function stringByte(byte: number): void {
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) {
      endOfString();
      return;
    }
    if (token.length < LONGEST_TOKEN_BYTES) token.push(byte);
  }

  function open(byte: number): void {
    if (byte === OPEN_ARRAY || path.length >= DEEPEST_OBJECT) skipped.depth = 1;
    else {
      path.push('');
      expectsKey = true;
    }
  }

  function close(): void {
    endOfValue();
    path.pop();
    expectsKey = false;
  }

  function structureByte(byte: number): void {
    if (byte === QUOTE) {
      inString = true;
      token = [];
      tokenIsString = true;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close();
    else scalarByte(byte);
  }

  function scalarByte(byte: number): void {
    if (byte === COLON) expectsKey = false;
    else if (byte === COMMA) {
      endOfValue();
      expectsKey = true;
    } else if (byte > 0x20 && token.length < LONGEST_TOKEN_BYTES) token.push(byte);
  }

  return {
    fields,
    write(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (skipped.depth > 0) {
          at = skip(chunk, at, skipped);
          continue;
        }
        const byte = chunk[at] ?? 0;
        at += 1;
        if (inString) stringByte(byte);
        else structureByte(byte);
      }
    },
  };
}

function readToken(bytes: readonly number[], isString: boolean): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!isString || !text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    // Not valid JSON after all; its raw text matches no wanted path and no number.
    return text;
  }
}

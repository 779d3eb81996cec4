import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../request/json-bytes.ts';
import { type Skipped, skip } from './skipped-array.ts';

/**
 * Reads a few scalar fields from a JSON answer as it streams by, in constant memory: a result may hold gigabytes of
 * rows, and what was billed is somewhere before or after them.
 *
 * It follows objects by their keys and skips arrays whole. Text that is not JSON yields no fields.
 */
export interface FieldScanner {
  /** Takes the next bytes. */
  write(chunk: Uint8Array): void;
  /** The fields found so far, by dotted path; scalars as text (both `"12"` and `12` give `12`). */
  readonly fields: ReadonlyMap<string, string>;
}

/** Keys and wanted values are short; anything longer is not what is looked for. */
const MAX_TOKEN_BYTES = 4096;
/** Wanted paths are at most this deep; deeper objects are skipped. */
const DEEPEST_OBJECT = 6;

/** @param wanted dotted paths, such as `jobReference.jobId` */
export function createFieldScanner(wanted: readonly string[]): FieldScanner {
  const scan: Scan = {
    wanted: new Set(wanted),
    fields: new Map(),
    path: [],
    skipped: { depth: 0, inString: false, escaped: false },
    inString: false,
    escaped: false,
    expectsKey: false,
    token: [],
    tokenIsString: false,
  };
  return { fields: scan.fields, write: (chunk) => read(scan, chunk) };
}

/** The state of a scan, kept from chunk to chunk. */
interface Scan {
  readonly wanted: ReadonlySet<string>;
  readonly fields: Map<string, string>;
  /** Keys from the root to the current value; its length is the depth in objects. */
  readonly path: string[];
  /** The array, or the object too deep, that is being skipped; its depth is 0 outside. */
  readonly skipped: Skipped;
  inString: boolean;
  /** The last byte was a backslash in a string. */
  escaped: boolean;
  /** The next string is a key. */
  expectsKey: boolean;
  /** The bytes of the current key or value. */
  token: number[];
  tokenIsString: boolean;
}

function read(scan: Scan, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length; ) {
    if (scan.skipped.depth > 0) {
      at = skip(chunk, at, scan.skipped);
      continue;
    }
    const byte = chunk[at] ?? 0;
    at += 1;
    if (scan.inString) stringByte(scan, byte);
    else structureByte(scan, byte);
  }
}

function stringByte(scan: Scan, byte: number): void {
  if (scan.escaped) scan.escaped = false;
  else if (byte === BACKSLASH) scan.escaped = true;
  else if (byte === QUOTE) {
    endOfString(scan);
    return;
  }
  if (scan.token.length < MAX_TOKEN_BYTES) scan.token.push(byte);
}

function structureByte(scan: Scan, byte: number): void {
  if (byte === QUOTE) {
    scan.inString = true;
    scan.token = [];
    scan.tokenIsString = true;
  } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(scan, byte);
  else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close(scan);
  else scalarByte(scan, byte);
}

function scalarByte(scan: Scan, byte: number): void {
  if (byte === COLON) scan.expectsKey = false;
  else if (byte === COMMA) {
    endOfValue(scan);
    scan.expectsKey = true;
  } else if (byte > 0x20 && scan.token.length < MAX_TOKEN_BYTES) scan.token.push(byte);
}

function open(scan: Scan, byte: number): void {
  if (byte === OPEN_ARRAY || scan.path.length >= DEEPEST_OBJECT) scan.skipped.depth = 1;
  else {
    scan.path.push('');
    scan.expectsKey = true;
  }
}

function close(scan: Scan): void {
  endOfValue(scan);
  scan.path.pop();
  scan.expectsKey = false;
}

function endOfString(scan: Scan): void {
  scan.inString = false;
  if (!scan.expectsKey) return;
  scan.path[scan.path.length - 1] = textOf(scan.token);
  dropToken(scan);
}

function endOfValue(scan: Scan): void {
  const { wanted, fields, token, tokenIsString } = scan;
  if (token.length > 0 || tokenIsString) {
    const key = scan.path.join('.');
    if (wanted.has(key) && token.length < MAX_TOKEN_BYTES)
      fields.set(key, tokenIsString ? textOf(token) : scalarOf(token));
  }
  dropToken(scan);
}

function dropToken(scan: Scan): void {
  scan.token = [];
  scan.tokenIsString = false;
}

function scalarOf(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('utf8');
}

function textOf(bytes: readonly number[]): string {
  const text = scalarOf(bytes);
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    // Not valid JSON after all; its raw text matches no wanted path and no number.
    return text;
  }
}

import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../request/json-bytes.ts';
import { endOfSpace, type Skipped, skip, skipString } from './skip-json.ts';

/**
 * Reads a few scalar fields from a JSON answer as it streams by, in constant memory: a result may hold gigabytes of
 * rows, and what was billed is somewhere before or after them.
 *
 * It follows objects by their keys, and skips arrays, and objects that hold no wanted field, as a whole. Text that is not
 * JSON yields no fields.
 */
export interface FieldScanner {
  /** Takes the next bytes. */
  write(chunk: Uint8Array): void;
  /** The fields found so far, by dotted path; scalars as text (both `"12"` and `12` give `12`). */
  readonly fields: ReadonlyMap<string, string>;
}

/** Keys and wanted values are short; anything longer is not what is looked for. */
const MAX_TOKEN_BYTES = 4096;

/** @param wanted dotted paths, such as `jobReference.jobId` */
export function createFieldScanner(wanted: readonly string[]): FieldScanner {
  const scan: Scan = {
    wanted: new Set(wanted),
    followed: new Set(wanted.flatMap(objectsAround)),
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

/** The dotted paths of the objects that hold a field, from the root: an empty one. */
function objectsAround(path: string): readonly string[] {
  const keys = path.split('.');
  return keys.map((_key, depth) => keys.slice(0, depth).join('.'));
}

/** The state of a scan, kept from chunk to chunk. */
interface Scan {
  readonly wanted: ReadonlySet<string>;
  /** The dotted paths of the objects that hold wanted fields. */
  readonly followed: ReadonlySet<string>;
  readonly fields: Map<string, string>;
  /** Keys from the root to the current value; its length is the depth in objects. */
  readonly path: string[];
  /** The array or object that is being skipped; its depth is 0 outside. */
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
    if (scan.skipped.depth > 0) at = skip(chunk, at, scan.skipped);
    else if (scan.inString) at = stringBytes(scan, chunk, at);
    else {
      at = endOfSpace(chunk, at);
      if (at < chunk.length) structureByte(scan, chunk[at] ?? 0);
      at += 1;
    }
  }
}

/** @returns where to continue: after the string, or the length of the chunk */
function stringBytes(scan: Scan, chunk: Uint8Array, from: number): number {
  const end = skipString(chunk, from, scan);
  const isOver = !scan.inString;
  const kept = Math.min(isOver ? end - 1 : end, from + MAX_TOKEN_BYTES - scan.token.length);
  for (let at = from; at < kept; at += 1) scan.token.push(chunk[at] ?? 0);
  if (isOver) endOfString(scan);
  return end;
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
  } else if (scan.token.length < MAX_TOKEN_BYTES) scan.token.push(byte);
}

function open(scan: Scan, byte: number): void {
  if (byte === OPEN_ARRAY || !scan.followed.has(scan.path.join('.'))) scan.skipped.depth = 1;
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

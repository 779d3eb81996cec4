/** An object parsed from JSON. */
export type JsonObject = { readonly [key: string]: unknown };

/** The part of the JSON source text proposal that Node has and TypeScript's library does not declare yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
}

/** Narrowed because the library's own type of `JSON` lacks `rawJSON` and the reviver's third parameter. */
const exactJson = JSON as unknown as JsonWithSource;

/** A number with this many digits or an exponent may not survive a trip through a double. */
const NEEDS_SOURCE = /\d{16}|\d[eE]/;

/**
 * Parses JSON so that writing it again gives every number as it came: `JSON.parse` alone would turn
 * 9007199254740993 into 9007199254740992, and the guard may not change what a client asked.
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactJson(text: string): unknown {
  if (!NEEDS_SOURCE.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? exactJson.rawJSON(source)
      : value,
  );
}

/** True for objects proper: no null, no list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENS: ReadonlySet<number | undefined> = new Set([0x7b, 0x5b]);
const CLOSES: ReadonlySet<number | undefined> = new Set([0x7d, 0x5d]);

/** Whether JSON has more objects and lists inside one another: to be known before anything walks through it. */
export function isDeeperThan(most: number, json: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else if (CLOSES.has(byte)) depth -= 1;
    else if (OPENS.has(byte)) {
      depth += 1;
      if (depth > most) return true;
    }
  }
  return false;
}

/** Where the string that begins here ends; the end of it all where none does. */
function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}

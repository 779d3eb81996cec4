/** An object parsed from JSON. */
export type JsonObject = { readonly [key: string]: unknown };

/** The part of the JSON source text proposal that Node has but TypeScript's library does not declare yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
}

/** Narrowed because the library's type of `JSON` lacks `rawJSON` and the reviver's third parameter. */
const exactJson = JSON as unknown as JsonWithSource;

/** A number with this many digits, or an exponent, may not survive conversion to a double. */
const NEEDS_SOURCE = /\d{16}|\d[eE]/;

/**
 * Parses JSON so that writing it again reproduces every number exactly: `JSON.parse` alone would turn 9007199254740993
 * into 9007199254740992, and the guard must not change what a client asked.
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

/** True for proper objects: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

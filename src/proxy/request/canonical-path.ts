import { METHODS } from './methods.ts';

/** Segments that the API itself names, by their lower-case form: `rowaccesspolicies` is `rowAccessPolicies`. */
const LITERALS: ReadonlyMap<string, string> = new Map(
  [...METHODS.flatMap(({ path }) => path.split(/[/:]/)), 'bigquery', 'v2', 'upload', 'resumable', 'batch']
    .filter((segment) => segment !== '*')
    .map((segment) => [segment.toLowerCase(), segment]),
);

/** Characters that, once decoded, a server might take for a separator, or cut a name off at. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE_IN_SEGMENT = /[/\\?#%\u0000-\u001f\u007f]/;

/**
 * The path in the one form that every server reads the same way: percent-encodings decoded, doubled slashes and dot
 * segments resolved, path parameters and a trailing slash dropped, the API's own words in the API's own case. A path
 * already in this form comes back unchanged, apart from encodings in names that callers choose.
 * @returns null for a path that has no such form: invalid encodings, encoded separators, dots above the root
 */
export function canonicalPath(path: string): string | null {
  const segments: string[] = [];
  for (const written of path.split('/').slice(1)) {
    const segment = decoded(written);
    if (segment === null) return null;
    if (segment === '..') {
      if (segments.pop() === undefined) return null;
    } else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const root = segments.findIndex((segment) => segment.toLowerCase() === 'bigquery');
  const canonical = segments.map((segment, index) => encoded(segment, isNamedByCaller(index - root)));
  return isSame(path.split('/').slice(1), canonical, root) ? path : `/${canonical.join('/')}`;
}

function decoded(written: string): string | null {
  try {
    const segment = decodeURIComponent(written.replace(/;.*$/, ''));
    return UNSAFE_IN_SEGMENT.test(segment) ? null : segment;
  } catch {
    // The percent-encoded bytes are not UTF-8.
    return null;
  }
}

/** A segment as it is sent: the API's own words in its case, and callers' names encoded as necessary. */
function encoded(segment: string, isName: boolean): string {
  const literal = isName ? undefined : LITERALS.get(segment.toLowerCase());
  if (literal !== undefined) return literal;
  const colon = segment.lastIndexOf(':');
  const verb = colon === -1 ? undefined : LITERALS.get(segment.slice(colon + 1).toLowerCase());
  if (verb === undefined) return encodeName(segment);
  return `${encoded(segment.slice(0, colon), isName)}:${verb}`;
}

/** In `/bigquery/v2/projects/P/datasets/D/…` every second segment from the fourth on is a name chosen by callers. */
function isNamedByCaller(placeBelowRoot: number): boolean {
  return placeBelowRoot >= 3 && placeBelowRoot % 2 === 1;
}

/** Characters without a special meaning in a segment stay unencoded. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/%(?:3A|40|24|2C|2B|3D|26)/g, decodeURIComponent);
}

/** True if the segments differ only in how callers' names are encoded. */
function isSame(written: readonly string[], canonical: readonly string[], root: number): boolean {
  return (
    written.length === canonical.length &&
    written.every((segment, index) => {
      const other = canonical[index] ?? '';
      if (segment === other) return true;
      return isNamedByCaller(index - root) && !segment.includes(';') && decoded(segment) === decoded(other);
    })
  );
}

import { hash } from 'node:crypto';

/** SHA-256 in hex of a canonical text. */
export function digestOf(canonical: unknown): string {
  return hash('sha256', JSON.stringify(canonical));
}

/**
 * A stored value with its type, the same whichever database it comes back from. Types other than text and integers
 * are of values that nothing was written with: SQLite lets any column hold any.
 */
export function typed(value: unknown): readonly [type: string, text: string] {
  // Neither database stores half of a surrogate pair: both make it U+FFFD.
  if (typeof value === 'string') return ['text', value.toWellFormed()];
  return [typeof value, String(value)];
}

import { hash } from 'node:crypto';

/** SHA-256 in hex of a canonical text. */
export function digestOf(canonical: unknown): string {
  return hash('sha256', JSON.stringify(canonical));
}

/**
 * A stored value with its type, the same from either database. Types other than text and integer are values that
 * guardrail never wrote: SQLite allows any type in any column.
 */
export function withType(value: unknown): readonly [type: string, text: string] {
  // Neither database stores half a surrogate pair: both turn it into U+FFFD.
  if (typeof value === 'string') return ['text', value.toWellFormed()];
  return [typeof value, String(value)];
}

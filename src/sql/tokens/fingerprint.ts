import { createHash } from 'node:crypto';
import { tokensOf } from './tokens.ts';

const LITERAL = '?';
const FINGERPRINT_HEX_DIGITS = 16;

/**
 * A digest that is the same for queries that differ only in literals, comments, white space, the case of unquoted
 * words, the length of lists of literals, or a final semicolon. Accepts any text, SQL or not.
 */
export function fingerprintOf(sql: string): string {
  const tokens = normalize(sql);
  return createHash('sha256').update(tokens.join(' ')).digest('hex').slice(0, FINGERPRINT_HEX_DIGITS);
}

function normalize(sql: string): readonly string[] {
  const tokens: string[] = [];
  for (const { whole, space, text, name, number, word } of tokensOf(sql)) {
    if (space !== undefined) continue;
    if (text !== undefined || number !== undefined) pushLiteral(tokens);
    else tokens.push(name ?? word?.toLowerCase() ?? whole);
  }
  while (tokens.at(-1) === ';') tokens.pop();
  return tokens;
}

/** A list of literals counts as one, so that `IN (1, 2)` and `IN (1, 2, 3)` have the same fingerprint. */
function pushLiteral(tokens: string[]): void {
  if (tokens.at(-1) === ',' && tokens.at(-2) === LITERAL) tokens.pop();
  else tokens.push(LITERAL);
}

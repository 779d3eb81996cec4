import { createHash } from 'node:crypto';

/**
 * One token of GoogleSQL, good enough to tell literals and comments from the rest even in SQL that does not parse.
 * Alternatives: space and comments; strings, raw and bytes ones too; quoted names; numbers; words; anything else.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical
 */
const TOKEN =
  /(?<space>\s+|--[^\n]*|#[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)|(?<text>(?:[rR]?[bB]?|[bB][rR])(?:"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""|'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))|`(?<name>[^`]*)`|(?<number>0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_@][\p{L}\p{N}_@]*)|[\s\S]/uy;

const LITERAL = '?';
const FINGERPRINT_HEX_DIGITS = 16;

/**
 * A digest that is the same for queries that differ only in literals, comments, white space, the case of unquoted
 * words, the length of lists of literals, or a semicolon at the end. Reads any text, SQL or not.
 */
export function fingerprintOf(sql: string): string {
  const tokens = normalize(sql);
  return createHash('sha256').update(tokens.join(' ')).digest('hex').slice(0, FINGERPRINT_HEX_DIGITS);
}

function normalize(sql: string): readonly string[] {
  const tokens: string[] = [];
  for (const match of sql.matchAll(new RegExp(TOKEN, 'guy'))) {
    const { space, text, name, number, word } = match.groups ?? {};
    if (space !== undefined) continue;
    if (text !== undefined || number !== undefined) pushLiteral(tokens);
    else tokens.push(name ?? word?.toLowerCase() ?? match[0]);
  }
  while (tokens.at(-1) === ';') tokens.pop();
  return tokens;
}

/** A list of literals counts as one, so that `IN (1, 2)` and `IN (1, 2, 3)` are the same question. */
function pushLiteral(tokens: string[]): void {
  if (tokens.at(-1) === ',' && tokens.at(-2) === LITERAL) tokens.pop();
  else tokens.push(LITERAL);
}

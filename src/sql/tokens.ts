/**
 * One token of GoogleSQL, good enough to tell literals and comments from the rest even in SQL that does not parse.
 * Alternatives: space and comments; strings, raw and bytes ones too; quoted names; numbers; words; anything else.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical
 */
const TOKEN =
  /(?<space>\s+|--[^\n]*|#[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)|(?<text>(?:[rR]?[bB]?|[bB][rR])(?:"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""|'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))|`(?<name>[^`]*)`|(?<number>0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_@][\p{L}\p{N}_@]*)|[\s\S]/uy;

/** One token: the whole of it, and under the name of its kind what it holds. */
export interface Token {
  readonly whole: string;
  /** White space, or a comment. */
  readonly space: string | undefined;
  /** A string or bytes literal. */
  readonly text: string | undefined;
  /** A quoted name, without its quotes. */
  readonly name: string | undefined;
  readonly number: string | undefined;
  readonly word: string | undefined;
}

/** The tokens of any text, SQL or not; together they are the whole text. */
export function* tokensOf(sql: string): Iterable<Token> {
  for (const match of sql.matchAll(new RegExp(TOKEN, 'guy'))) {
    const { space, text, name, number, word } = match.groups ?? {};
    yield { whole: match[0], space, text, name, number, word };
  }
}

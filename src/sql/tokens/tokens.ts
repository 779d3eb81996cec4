/**
 * How each kind of GoogleSQL token begins, precise enough to tell literals and comments from the rest even in SQL that
 * does not parse. In order: white space and line comments; block comments; strings, including raw and bytes; quoted
 * names; numbers; words; anything else.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical
 */
const TOKEN =
  /(\s+|--[^\n]*|#[^\n]*)|(\/\*)|(?:[rR]?[bB]?|[bB][rR])("""|'''|["'])|(`)|(0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\p{L}_@][\p{L}\p{N}_@]*)|[\s\S]/uy;

/** One token: its whole text, and its content under the name of its kind. */
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
  /** Everything from a quote or the start of a comment that is never closed: the last token. */
  readonly open: string | undefined;
}

/** The tokens of longer SQL are not kept: they take a hundred times its room. */
const MOST_KEPT_CHARACTERS = 32_768;

/** One reading asks for the tokens of the same SQL half a dozen times. */
let kept: { readonly sql: string; readonly tokens: readonly Token[] } = { sql: '', tokens: [] };

/** The tokens of any text, SQL or not; together they are the whole text. Takes time linear in its length. */
export function tokensOf(sql: string): Iterable<Token> {
  if (sql.length > MOST_KEPT_CHARACTERS) return tokensIn(sql);
  if (kept.sql !== sql) kept = { sql, tokens: [...tokensIn(sql)] };
  return kept.tokens;
}

function* tokensIn(sql: string): Iterable<Token> {
  let at = 0;
  while (at < sql.length) {
    const token = tokenAt(sql, at);
    at += token.whole.length;
    yield token;
  }
}

function tokenAt(sql: string, at: number): Token {
  TOKEN.lastIndex = at;
  const [whole = '', space, comment, quote, tick, number, word] = TOKEN.exec(sql) ?? [sql.slice(at)];
  const inside = at + whole.length;
  if (comment !== undefined) return tokenUpTo(sql, at, endOfComment(sql, inside), 'space');
  if (quote !== undefined) return tokenUpTo(sql, at, endOfText(sql, inside, quote), 'text');
  if (tick !== undefined) return tokenUpTo(sql, at, endOfText(sql, inside, tick), 'name');
  return { whole, space, text: undefined, name: undefined, number, word, open: undefined };
}

/** The token at a position; if it never ends, it holds all that follows. */
function tokenUpTo(sql: string, at: number, end: number, kind: 'space' | 'text' | 'name'): Token {
  const isOpen = end === 0;
  const whole = sql.slice(at, isOpen ? sql.length : end);
  return {
    whole,
    space: !isOpen && kind === 'space' ? whole : undefined,
    text: !isOpen && kind === 'text' ? whole : undefined,
    name: !isOpen && kind === 'name' ? whole.slice(1, -1) : undefined,
    number: undefined,
    word: undefined,
    open: isOpen ? whole : undefined,
  };
}

/** The position after the end of a comment; 0 if it never ends. */
function endOfComment(sql: string, inside: number): number {
  const star = sql.indexOf('*/', inside);
  return star === -1 ? 0 : star + 2;
}

/**
 * The position after the quotes that close a string or a name; 0 if none do. A single quote closes only on its own
 * line.
 */
function endOfText(sql: string, inside: number, quote: string): number {
  const stop = quote.length === 3 ? /["'\\]/g : /["'`\\\n]/g;
  stop.lastIndex = inside;
  for (let found = stop.exec(sql); found !== null; found = stop.exec(sql)) {
    if (found[0] === '\n') return 0;
    if (found[0] === '\\') stop.lastIndex += 1;
    else if (sql.startsWith(quote, found.index)) return found.index + quote.length;
  }
  return 0;
}

import { type Token, tokensOf } from '../tokens/tokens.ts';

/** SQL without any of these is plain. */
const MAY_BE_MISREAD = /--|#|\/\*|\\|'''|"""/;

/** The start of a text whose quotes and escapes parsers may read differently from BigQuery. */
const ODD_TEXT = /^(?:[rb]{1,2}|(?=''')|(?="""))("""|'''|["'])/i;

/**
 * The SQL without anything that parsers end in a different place than BigQuery, with every character in its place:
 * spaces for comments, and underscores for quotes and escaped quotes in a text. Polyglot nests comments, takes a `#`
 * right after a name as part of the name, and ends `r'''\''' '''` and `b'''''''` too early; node-sql-parser takes `--`
 * right after a name as part of the name, and does not know triple-quoted text.
 */
export function plainSql(sql: string): string {
  if (!MAY_BE_MISREAD.test(sql)) return sql;
  let plain = '';
  for (const token of tokensOf(sql)) plain += plainToken(token);
  return plain;
}

function plainToken({ whole, space, text }: Token): string {
  if (space !== undefined) return whole.replace(/\S/g, ' ');
  return text === undefined ? whole : plainText(text);
}

function plainText(text: string): string {
  const [begin, quotes = ''] = ODD_TEXT.exec(text) ?? [];
  if (begin === undefined) return text.replace(/\\['"`\\]/g, '__');
  const inside = text.slice(begin.length, -quotes.length);
  return begin + inside.replace(/\\?['"`]|\\\\/g, (quote) => '_'.repeat(quote.length)) + quotes;
}

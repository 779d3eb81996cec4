import { type Token, tokensOf } from './tokens.ts';

/** SQL without any of these is plain. */
const MAY_BE_MISREAD = /--|#|\/\*|\\|'''|"""/;

/** Where a text begins whose quotes and escapes parsers may take otherwise than BigQuery. */
const ODD_TEXT = /^(?:[rb]{1,2}|(?=''')|(?="""))("""|'''|["'])/i;

/**
 * The SQL with nothing in it that parsers end elsewhere than BigQuery does, each character where it was: spaces for
 * comments, and underscores for quotes and escapes of quotes in a text. Polyglot nests comments, takes the `#` right
 * behind a name for a part of it, and ends `r'''\''' '''` and `b'''''''` too early; node-sql-parser takes `--` right
 * behind a name for a part of it, and knows no text in three quotes.
 */
export function plainSql(sql: string): string {
  if (!MAY_BE_MISREAD.test(sql)) return sql;
  let plain = '';
  for (const token of tokensOf(sql)) plain += plainToken(token);
  return plain;
}

function plainToken({ whole, space, text }: Token): string {
  if (space !== undefined) return whole.replace(/\S/gu, ' ');
  return text === undefined ? whole : plainText(text);
}

function plainText(text: string): string {
  const [begin, quotes = ''] = ODD_TEXT.exec(text) ?? [];
  if (begin === undefined) return text.replace(/\\['"`\\]/g, '__');
  const inside = text.slice(begin.length, -quotes.length);
  return begin + inside.replace(/\\?['"`]|\\\\/g, (quote) => '_'.repeat(quote.length)) + quotes;
}

import type { ErrorCode } from 'yaml';

const INDENT = 'indent keys that belong together alike, and put quotes around a text that holds ": "';
const SHAPE = 'write "key: value" on each line, and close every quote and bracket';
const QUOTES =
  'put quotes around the whole of a text with other characters than letters, and indent keys alike';

const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: QUOTES,
  BAD_DQ_ESCAPE: 'use single quotes around a text with backslashes',
  BAD_INDENT: 'indent keys that belong together alike, and close every bracket',
  BAD_SCALAR_START: QUOTES,
  BLOCK_AS_IMPLICIT_KEY: INDENT,
  DUPLICATE_KEY: 'give each key once',
  MISSING_CHAR: 'indent keys that belong together alike, and close every quote and bracket',
  MULTILINE_IMPLICIT_KEY: SHAPE,
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: QUOTES,
  UNEXPECTED_TOKEN: QUOTES,
};

/** What to do about a mistake in YAML, by the parser's code for it, for people who do not know YAML's grammar. */
export function yamlAdvice(code: ErrorCode): string {
  return ADVICE[code] ?? 'write it as YAML';
}

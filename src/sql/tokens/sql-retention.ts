import { createHash } from 'node:crypto';
import type { SqlRetention } from '../../vocabulary/policy.ts';
import { MAX_TOKENIZED_CHARACTERS } from './script-words.ts';
import { tokensOf } from './tokens.ts';

/**
 * The SQL as the records keep it: the text; the text without literals and comments, which may be about persons; a
 * digest, by which the same text can be found again; or nothing. Of text that takes too long to mask, a digest is kept.
 */
export function applyRetention(sql: string, retention: SqlRetention): string {
  switch (retention) {
    case 'stored':
      return sql.length > MAX_CHARACTERS ? hashSql(sql) : sql;
    case 'masked':
      return sql.length > MAX_TOKENIZED_CHARACTERS ? hashSql(sql) : maskSql(sql);
    case 'hashed':
      return hashSql(sql);
    case 'dropped':
      return '';
  }
}

/** Typographic quotes, as word processors write them: everything after one may be a literal. */
const OPENING = new Set(['‘', '’', '“', '”', '´', '«', '»']);

/** BigQuery accepts no SQL longer than this, and keeping it would hold up other requests: it is kept as a digest. */
const MAX_CHARACTERS = 1 << 20;

function hashSql(sql: string): string {
  return sql === '' ? '' : `sha256:${createHash('sha256').update(sql).digest('hex')}`;
}

function maskSql(sql: string): string {
  let output = '';
  for (const { whole, space, text, number, open } of tokensOf(sql)) {
    if (text !== undefined || number !== undefined) output += '?';
    else if (space !== undefined) output += space.trim() === '' ? space : ' ';
    else if (open !== undefined || OPENING.has(whole)) return `${output}?`;
    else output += whole;
  }
  return output.trim();
}

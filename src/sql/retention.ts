import { createHash } from 'node:crypto';
import type { SqlRetention } from '../vocabulary/policy.ts';
import { tokensOf } from './tokens.ts';

/**
 * The SQL as the records keep it: the text; the text without its literals and comments, which can hold what is told
 * of persons; a digest, by which the same text is found again; or nothing.
 */
export function retained(sql: string, retention: SqlRetention): string {
  switch (retention) {
    case 'stored':
      return sql;
    case 'masked':
      return masked(sql);
    case 'hashed':
      return sql === '' ? '' : `sha256:${createHash('sha256').update(sql).digest('hex')}`;
    case 'dropped':
      return '';
  }
}

/** Quotes that nothing closes, and such as word processors write: all behind one may be a literal. */
const OPENING = new Set(['"', "'", '`', '‘', '’', '“', '”', '´', '«', '»']);

function masked(sql: string): string {
  let kept = '';
  for (const { whole, space, text, number } of tokensOf(sql)) {
    if (text !== undefined || number !== undefined) kept += '?';
    else if (space !== undefined) kept += space.trim() === '' ? space : ' ';
    else if (OPENING.has(whole)) return `${kept}?`;
    // A comment that nothing closes.
    else if (whole === '*' && kept.endsWith('/')) return `${kept.slice(0, -1)}?`;
    else kept += whole;
  }
  return kept.trim();
}

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

function masked(sql: string): string {
  let kept = '';
  for (const { whole, space, text, number } of tokensOf(sql)) {
    if (text !== undefined || number !== undefined) kept += '?';
    else if (space !== undefined) kept += space.trim() === '' ? space : ' ';
    // A quote that nothing closes: all behind it may be a literal.
    else if (whole === '"' || whole === "'" || whole === '`') return `${kept}?`;
    else kept += whole;
  }
  return kept.trim();
}

import { tokensOf } from './tokens.ts';

/** The SQL with a space in place of each comment; the rest is unchanged. */
export function withoutComments(sql: string): string {
  let kept = '';
  for (const { whole, space, open } of tokensOf(sql)) {
    // Something that is never closed may be a comment.
    if (open !== undefined) break;
    kept += space === undefined || space.trim() === '' ? whole : ' ';
  }
  return kept.trim();
}

import { tokensOf } from './tokens.ts';

/** The SQL with a space in place of each comment; the rest is as it was. */
export function withoutComments(sql: string): string {
  let kept = '';
  for (const { whole, space, open } of tokensOf(sql)) {
    // What nothing closes may be a comment.
    if (open !== undefined) break;
    kept += space === undefined || space.trim() === '' ? whole : ' ';
  }
  return kept.trim();
}

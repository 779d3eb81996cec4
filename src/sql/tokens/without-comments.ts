import { tokensOf } from './tokens.ts';

/** The SQL with a space in place of each comment; the rest is unchanged. */
export function withoutComments(sql: string): string {
  let remaining = '';
  for (const { whole, space, open } of tokensOf(sql)) {
    // Something that is never closed may be a comment.
    if (open !== undefined) break;
    remaining += space === undefined || space.trim() === '' ? whole : ' ';
  }
  return remaining.trim();
}

import { RESERVED_WORDS } from '../vocabulary/reserved-words.ts';

/** A column's name, quoted for GoogleSQL if necessary. */
export function quoteName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED_WORDS.has(name.toUpperCase()) ? name : `\`${name}\``;
}

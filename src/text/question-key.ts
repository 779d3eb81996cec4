import { createHash } from 'node:crypto';

/**
 * What an answer is remembered by: equal for equal questions, and short, however long the question is.
 * @param parts all that can change the answer; values of JSON
 */
export function questionKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

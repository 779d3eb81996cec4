import { hash } from 'node:crypto';

/**
 * A cache key: equal for equal questions, and short, however long the question is.
 * @param parts everything that can change the answer, as JSON values
 */
export function cacheKey(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64');
}

import { z } from 'zod';
import { limit } from './span.ts';

/** Which grants, or requests for them, a page of the list holds. */
export function listQuery(entry: 'grant' | 'request') {
  return z.strictObject({
    all: z.stringbool().default(false).describe('true: include those that are over'),
    limit,
    before: z
      .string()
      .optional()
      .describe(`only those before this ${entry}: the ID of the last on a page leads to the next`),
  });
}

/** Of a list that is cut at a limit. */
export const more = z.boolean().describe('whether there are older ones beyond the limit');

import { z } from 'zod';
import { count, optional } from '../http/wire.ts';

/** The query-string parameters of every list. */
export const listQuery = z.object({
  maxResults: optional(count),
  pageToken: optional(z.string().min(1)),
});

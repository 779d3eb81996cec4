import { z } from 'zod';
import { count, optional } from '../http/wire.ts';

/** What every list takes in its query string. */
export const listQuery = z.object({
  maxResults: optional(count),
  pageToken: optional(z.string().min(1)),
});

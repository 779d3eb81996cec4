import { z } from 'zod';
import { count, optional, pageTokenText } from '../http/wire.ts';

/** The query-string parameters of every list. */
export const listQuery = z.object({
  maxResults: optional(count),
  pageToken: pageTokenText,
});

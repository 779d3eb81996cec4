import { z } from 'zod';
import { notImplemented } from '../../not-implemented.ts';
import type { EncodingOptions } from '../../warehouse.ts';
import { readPageToken } from '../http/page-token.ts';
import { count, flag, optional, pageTokenText } from '../http/wire.ts';

/** The query-string parameters of every method that reads rows. */
export const rowQuery = z.object({
  startIndex: optional(count),
  maxResults: optional(count),
  pageToken: pageTokenText,
  'formatOptions.useInt64Timestamp': optional(flag),
  'formatOptions.timestampOutputFormat': optional(z.string()),
});
export type RowQuery = z.output<typeof rowQuery>;

/** The same options in a body. */
export const formatOptions = z.object({
  useInt64Timestamp: optional(flag),
  timestampOutputFormat: optional(z.string()),
});

/** @throws BigQueryError `notImplemented` for timestamp formats that the sandbox does not write */
export function encodingOf(options: z.output<typeof formatOptions>): EncodingOptions {
  switch (options.timestampOutputFormat) {
    case null:
    case 'TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED':
      return { useInt64Timestamp: options.useInt64Timestamp ?? false };
    case 'INT64':
      return { useInt64Timestamp: true };
    case 'FLOAT64':
      return { useInt64Timestamp: false };
    default:
      throw notImplemented(`formatOptions.timestampOutputFormat '${options.timestampOutputFormat}'`);
  }
}

export function encodingOfQuery(query: RowQuery): EncodingOptions {
  return encodingOf({
    useInt64Timestamp: query['formatOptions.useInt64Timestamp'],
    timestampOutputFormat: query['formatOptions.timestampOutputFormat'],
  });
}

/** Where the page starts: at the token's row, or else at `startIndex`, or else at the first. */
export function startOf(query: RowQuery, scope: string): number {
  return query.pageToken === null ? (query.startIndex ?? 0) : readPageToken(scope, query.pageToken);
}

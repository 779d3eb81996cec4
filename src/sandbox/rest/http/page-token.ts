import { BigQueryError } from '../../warehouse.ts';

/**
 * A page token says where the next page of a scope starts. A result has one scope whichever method reads it: the Java
 * client takes a token from `jobs.query` and continues with `tabledata.list`.
 */
export function pageToken(scope: string, index: number): string {
  return Buffer.from(`${index} ${scope}`).toString('base64url');
}

/** @throws BigQueryError if the token does not belong to this scope */
export function readPageToken(scope: string, token: string): number {
  const [, index, tokenScope] = /^(\d{1,15}) (.*)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (index === undefined || tokenScope !== scope) {
    throw new BigQueryError(400, 'invalid', 'Invalid page token', 'pageToken');
  }
  return Number(index);
}

/** One page of a list that fits into memory, and the token of the next. */
export function pageOf<T>(
  items: readonly T[],
  scope: string,
  paging: { readonly maxResults: number | null; readonly pageToken: string | null },
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const start = paging.pageToken === null ? 0 : readPageToken(scope, paging.pageToken);
  const end = start + (paging.maxResults ?? DEFAULT_LIST_PAGE);
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { nextPageToken: pageToken(scope, end) } : {}),
  };
}

/** How many datasets, tables or jobs a page holds without `maxResults`. */
export const DEFAULT_LIST_PAGE = 50;

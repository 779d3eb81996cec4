/**
 * Whether an error of the warehouse is its answer to this caller, which it would soon give again, and not a trouble that
 * passes. Too many requests are also refused with 403, and that passes.
 * @see https://cloud.google.com/bigquery/docs/error-messages
 */
export function isLastingError(status: number, body: string): boolean {
  if (status === 403) return !/"reason"\s*:\s*"(rateLimitExceeded|quotaExceeded)"/.test(body);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

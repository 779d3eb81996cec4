/**
 * The code of an error or of its cause, such as `ENOENT` or `CERT_HAS_EXPIRED`; null if there is none. Logs say it where
 * a message may quote what the warehouse sent.
 */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
}

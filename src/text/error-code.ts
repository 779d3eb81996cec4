/**
 * The code of an error's cause, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; null if there is none. For logs: messages
 * may quote what the warehouse sent.
 */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
}

import { errorCode } from '../foundation/text/error-code.ts';

/**
 * Asks once more where the connection broke before it was answered: one that was kept, and that the warehouse closes as it is
 * used again, always does. Only for what may be asked twice, since it runs and changes nothing.
 */
export async function fetchOnceMore(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (!isBroken(error)) throw error;
    return fetch(url, request);
  }
}

function isBroken(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(errorCode(error) ?? '');
}

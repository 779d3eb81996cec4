import type { ServerResponse } from 'node:http';
import { withinMs } from '../../foundation/waiting/within.ts';
import { BadRequest } from '../stop.ts';

/**
 * Waits for a body that the guard reads, but no longer than clients may take to send one. If a client takes longer, its
 * connection ends with the answer.
 * @throws BadRequest if it does not arrive in time
 */
export async function withinBodyTimeout<T>(
  reading: Promise<T>,
  response: ServerResponse,
  { bodyTimeoutMs }: { readonly bodyTimeoutMs: number },
): Promise<T> {
  const arrived = await withinMs(reading, bodyTimeoutMs);
  if (arrived !== null) return arrived.value;
  response.setHeader('connection', 'close');
  throw new BadRequest(
    'invalid',
    `The request's body did not arrive within ${bodyTimeoutMs / 1000} seconds (setting body_timeout).`,
    408,
  );
}

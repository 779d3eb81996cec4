import { USER_AGENT } from '../vocabulary/version.ts';

/** What became of a body that was posted. Problems never hold the address: it may be a secret. */
export type Posted =
  | { readonly kind: 'taken' }
  | {
      /** It answered, and not with a success. */
      readonly kind: 'answered';
      readonly status: number;
      readonly problem: string;
      /** How long it asks to be left alone; 0 where it does not say. */
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'unreached'; readonly problem: string };

/** One request. `timeoutMs` is for all of it, from the connection to the head of the answer. */
export interface Post {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Posts a JSON body, and judges the answer by its status alone. Never throws. */
export async function post({ url, body, headers = {}, timeoutMs }: Post): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': USER_AGENT, ...headers, 'content-type': 'application/json' },
      body,
      // Not followed: whoever can make it redirect could read what is sent.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The status says all; a body that breaks off takes nothing of it back.
    response.body?.cancel().catch(() => undefined);
    if (response.ok) return { kind: 'taken' };
    const { status } = response;
    return {
      kind: 'answered',
      status,
      problem: `it answered HTTP ${status}`,
      retryAfterMs: secondsIn(response.headers.get('retry-after')) * 1000,
    };
  } catch (error) {
    return { kind: 'unreached', problem: problemOf(error, timeoutMs) };
  }
}

/** Only the form that is a count of seconds, which is what servers of this kind use. */
function secondsIn(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}

/** By the code alone: messages of these errors quote the address. */
function problemOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it could not be sent';
  if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  return code === null ? 'it could not be sent' : `it could not be reached (${code})`;
}

import { errorCode } from '../text/error-code.ts';
import { USER_AGENT } from '../version.ts';

/** What happened to a posted body. Problems never contain the address, which may be secret. */
export type PostResult =
  | { readonly kind: 'taken' }
  | {
      /** It answered, but not with a success. */
      readonly kind: 'answered';
      readonly status: number;
      readonly problem: string;
      /** How long it asks to be left alone; 0 if it does not say. */
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'unreached'; readonly problem: string };

/** One request. `timeoutMs` covers all of it, from connecting to the head of the answer. */
export interface Post {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Posts a JSON body, and judges the answer only by its status. Never throws. */
export async function post({ url, body, headers = {}, timeoutMs }: Post): Promise<PostResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': USER_AGENT, ...headers, 'content-type': 'application/json' },
      body,
      // Redirects are not followed: whoever can cause one could read what is sent.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The status says it all; a body that breaks off changes nothing.
    response.body?.cancel().catch(() => undefined);
    if (response.ok) return { kind: 'taken' };
    const { status } = response;
    return {
      kind: 'answered',
      status,
      problem: `it answered HTTP ${status}`,
      retryAfterMs: retryAfterSeconds(response.headers.get('retry-after')) * 1000,
    };
  } catch (error) {
    return { kind: 'unreached', problem: problemOf(error, timeoutMs) };
  }
}

/** Only the form with a number of seconds, which is what servers of this kind use. */
function retryAfterSeconds(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}

/** Only the code: messages of these errors quote the address. */
function problemOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it could not be sent';
  if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs / 1000} s`;
  const code = errorCode(error);
  return code === null ? 'it could not be sent' : `it could not be reached (${code})`;
}

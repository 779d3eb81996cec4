import type { Webhook } from '../vocabulary/policy.ts';

/** What a webhook made of a message. Problems never hold the address: it may be a secret. */
export type Sent =
  | { readonly outcome: 'told' }
  /** It will never take this one. */
  | { readonly outcome: 'refused'; readonly problem: string }
  | {
      readonly outcome: 'failed';
      readonly problem: string;
      /** How long it asks to be left alone; 0 where it does not say. */
      readonly retryAfterMs: number;
    };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Answers of the 400s that say nothing of the message: too slow, too many. */
const TRANSIENT = new Set([408, 429]);

/** Posts a JSON body to a webhook's address. Never throws. */
export async function send(
  { address }: Pick<Webhook, 'address'>,
  body: unknown,
  { environment, timeoutMs }: { readonly environment: Environment; readonly timeoutMs: number },
): Promise<Sent> {
  const url = readAddress(address, environment);
  if ('problem' in url) return failed(url.problem);
  try {
    const response = await fetch(url.href, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // Not followed: whoever can make it redirect could read what is spent.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The status says all; a body that breaks off takes nothing of it back.
    response.body?.cancel().catch(() => undefined);
    return judge(response);
  } catch (error) {
    return failed(problemOf(error, timeoutMs));
  }
}

function readAddress(
  address: Webhook['address'],
  environment: Environment,
): { readonly href: string } | { readonly problem: string } {
  const text = ('url' in address ? address.url : (environment[address.variable] ?? '')).trim();
  const where = 'url' in address ? 'its address' : `the environment variable ${address.variable}`;
  if (text === '') return { problem: `${where} is not set: set it to the address` };
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return { problem: `${where} is not set to an http or https address` };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: `${where} is set to an address with a user name or password: use one without` };
  }
  return { href: url.href };
}

function judge({ status, ok, headers }: Response): Sent {
  if (ok) return { outcome: 'told' };
  const problem = `it answered HTTP ${status}`;
  if (status >= 400 && status < 500 && !TRANSIENT.has(status)) return { outcome: 'refused', problem };
  return { outcome: 'failed', problem, retryAfterMs: secondsIn(headers.get('retry-after')) * 1000 };
}

/** Only the form that is a count of seconds, which is what webhooks use. */
function secondsIn(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}

function failed(problem: string): Sent {
  return { outcome: 'failed', problem, retryAfterMs: 0 };
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

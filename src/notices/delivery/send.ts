import { post } from '../../foundation/outbound/post.ts';
import type { Webhook } from '../../vocabulary/policy.ts';

/** How a webhook took a message. Problems never contain the address, which may be secret. */
export type SendOutcome =
  | { readonly outcome: 'sent' }
  /** It will never accept this one. */
  | { readonly outcome: 'refused'; readonly problem: string }
  | {
      readonly outcome: 'failed';
      readonly problem: string;
      /** How long it asks to be left alone; 0 if it does not say. */
      readonly retryAfterMs: number;
    };

/** Where secret addresses are looked up, by the names in policies. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** 4xx answers that say nothing about the message: timeout, too many requests. */
const TRANSIENT = new Set([408, 429]);

/** Posts a JSON body to a webhook's address. Never throws. */
export async function send(
  { address }: Pick<Webhook, 'address'>,
  body: unknown,
  { environment, timeoutMs }: { readonly environment: Environment; readonly timeoutMs: number },
): Promise<SendOutcome> {
  const url = readAddress(address, environment);
  if ('problem' in url) return failed(url.problem);
  const posted = await post({ url: url.href, body: JSON.stringify(body), timeoutMs });
  if (posted.kind === 'taken') return { outcome: 'sent' };
  const { problem } = posted;
  if (posted.kind === 'unreached') return failed(problem);
  const { status, retryAfterMs } = posted;
  if (status >= 400 && status < 500 && !TRANSIENT.has(status)) return { outcome: 'refused', problem };
  return { outcome: 'failed', problem, retryAfterMs };
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

function failed(problem: string): SendOutcome {
  return { outcome: 'failed', problem, retryAfterMs: 0 };
}

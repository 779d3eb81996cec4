import { post } from '../../foundation/outbound/post.ts';
import type { LineageTarget, SendOutcome } from './target.ts';

/** How long a server may take to answer. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Enough for a few hundred events a second from a server that answers in 50 ms. */
const AT_ONCE = 8;

/**
 * Status codes that are about the event itself. Any other 4xx means that the address or the token is wrong, which
 * somebody will fix: the events wait.
 */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

/** A server that accepts OpenLineage events, one per request. */
export function httpTarget({
  url,
  token,
  timeoutMs = ANSWER_TIMEOUT_MS,
}: {
  readonly url: string;
  /** Asked for each run, since tokens expire; null for none. */
  readonly token: () => Promise<string | null>;
  readonly timeoutMs?: number;
}): LineageTarget {
  return {
    name: url,
    atOnce: AT_ONCE,
    async send(lines) {
      const headers = await headersWith(token);
      if (headers === null)
        return [{ outcome: 'failed', problem: 'there was no token for it', retryAfterMs: 0 }];
      const answers: SendOutcome[] = [];
      for (const body of lines) {
        const answer = await postEvent({ url, body, headers, timeoutMs });
        answers.push(answer);
        if (answer.outcome === 'failed') break;
      }
      return answers;
    },
  };
}

/** Null if there should be a token and there is none. */
async function headersWith(
  token: () => Promise<string | null>,
): Promise<Readonly<Record<string, string>> | null> {
  try {
    const current = await token();
    return current === null ? {} : { authorization: `Bearer ${current}` };
  } catch {
    // The error may quote a secret; the problem says which settings to check.
    return null;
  }
}

async function postEvent(event: Parameters<typeof post>[0]): Promise<SendOutcome> {
  const posted = await post(event);
  if (posted.kind === 'taken') return { outcome: 'sent' };
  const { problem } = posted;
  if (posted.kind === 'unreached') return { outcome: 'failed', problem, retryAfterMs: 0 };
  if (REFUSALS.has(posted.status)) return { outcome: 'refused', problem };
  return { outcome: 'failed', problem, retryAfterMs: posted.retryAfterMs };
}

import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Resolves to the e-mail address behind an access token; null if the endpoint does not say. */
export type TokenInfo = (token: string) => Promise<string | null>;

const answer = z.object({ email: z.email(), expires_in: z.coerce.number().positive().default(60) });

/**
 * Google's token-info endpoint, for warehouses whose dry run does not name the caller. Answers are cached by the
 * token's digest, for as long as the token lives.
 * @param onFailure called with the reason when the endpoint could not be asked; never with the token
 */
export function createTokenInfo(options: {
  readonly url: string;
  readonly timeoutMs: number;
  readonly maxEntries: number;
  readonly onFailure: (why: string) => void;
}): TokenInfo {
  const known = new LRUCache<string, string>({ max: options.maxEntries });
  return async (token) => {
    const key = createHash('sha256').update(token).digest('hex');
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const info = await ask(options, token);
    if (info === null) return null;
    known.set(key, info.email, { ttl: info.expires_in * 1000 });
    return info.email;
  };
}

async function ask(
  options: { readonly url: string; readonly timeoutMs: number; readonly onFailure: (why: string) => void },
  token: string,
): Promise<z.infer<typeof answer> | null> {
  try {
    // In the body, so that the token is in no access log.
    const response = await fetch(options.url, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
      // Whoever can cause a redirect would get the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const parsed = answer.safeParse(await response.json());
    if (parsed.success) return parsed.data;
    options.onFailure(`the endpoint answered HTTP ${response.status} without an e-mail`);
  } catch (error) {
    options.onFailure(error instanceof Error ? error.name : 'unknown error');
  }
  return null;
}

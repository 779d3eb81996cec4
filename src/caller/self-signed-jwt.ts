import { z } from 'zod';

/** A service account's self-signed JWT names itself as issuer and subject. @see https://google.aip.dev/auth/4111 */
const claims = z.object({ iss: z.email(), sub: z.email() });

/** The claims that are read here, wherever they are named: text inside a string would need a backslash. */
const NAMES = /"(?:iss|sub)"\s*:/g;

/**
 * The service account in a self-signed JWT, or null if the token is not one. It proves nothing by itself, only once the
 * warehouse has accepted a request under this very token.
 */
export function subjectOfSelfSignedJwt(token: string): string | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const text = Buffer.from(payload, 'base64url').toString('utf8');
    // Of a claim that is named twice, or in disguise, the warehouse might read the other one.
    if (text.includes('\\') || text.match(NAMES)?.length !== 2) return null;
    const parsed = claims.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.iss === parsed.data.sub ? parsed.data.sub : null;
  } catch {
    // Opaque access tokens have dots as well; if the content is not JSON, it is not a JWT.
    return null;
  }
}

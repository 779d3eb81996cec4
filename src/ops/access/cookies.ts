import type { CookieOptions } from 'express';

/** Says who signed in, signed with a key derived from their token; never contains the token. */
export const SESSION_COOKIE = 'guardrail_session';

/** Every value in a `Cookie` header for a name: a sibling host can add one of its own, in any order. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals !== -1 && pair.slice(0, equals).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
}

/** Out of reach of scripts and not sent for other sites; only over TLS if the browser itself came over TLS. */
export function sessionCookie(isSecure: boolean): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' };
}

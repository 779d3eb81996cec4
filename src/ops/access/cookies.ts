import type { CookieOptions } from 'express';

/** Holds who signed in, by a token and signed by its key; never the token itself. */
export const SESSION_COOKIE = 'guardrail_session';

/** Every value that a `Cookie` header has for a name: a sibling host can add one of its own, in whatever order. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals !== -1 && pair.slice(0, equals).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
}

/** Out of reach of scripts, and sent for no other site; over TLS alone where the browser itself came by TLS. */
export function sessionCookie(isSecure: boolean): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' };
}

const SIGN_IN = '/sign-in';

/** A base URL, so that any path that leads away from it can be noticed. */
const HERE = 'http://here.invalid';

/** The sign-in page, which leads to `next` afterwards. */
export function signInPath(next: string): string {
  return `${SIGN_IN}?next=${encodeURIComponent(next)}`;
}

/**
 * Where to go after signing in: always a path on this host, whatever was asked for. A browser reads `//host`, `/\host`
 * and a tab between two slashes as another site's address.
 */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search } = new URL(next, HERE);
  const isHere = origin === HERE && !pathname.startsWith('//') && !pathname.startsWith(SIGN_IN);
  return isHere ? `${pathname}${search}` : '/';
}

const SIGN_IN = '/sign-in';

/** A base that no path leads away from unseen. */
const HERE = 'http://here.invalid';

/** The page to sign in at, which leads to `next` afterwards. */
export function signInPath(next: string): string {
  return `${SIGN_IN}?next=${encodeURIComponent(next)}`;
}

/**
 * Where to go after signing in: a path of this address, whatever was asked for. A browser reads `//host`, `/\host` and
 * a tab between the two slashes as another site's address.
 */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search } = new URL(next, HERE);
  const isHere = origin === HERE && !pathname.startsWith('//') && !pathname.startsWith(SIGN_IN);
  return isHere ? `${pathname}${search}` : '/';
}

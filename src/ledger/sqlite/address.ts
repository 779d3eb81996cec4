const SCHEME = 'sqlite:';

/** The path of a SQLite database that ends with its process. */
export const IN_MEMORY = ':memory:';

/** The path in `sqlite:PATH`; null for an address of any other kind. */
export function sqlitePath(url: string): string | null {
  return url.startsWith(SCHEME) && url.length > SCHEME.length ? url.slice(SCHEME.length) : null;
}

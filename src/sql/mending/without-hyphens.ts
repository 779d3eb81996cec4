/** SQL in which names have others in their place, as long as themselves. */
export interface WithoutHyphens {
  readonly sql: string;
  /** What each name stands for. */
  readonly words: ReadonlyMap<string, string>;
}

/** A project's name after words where polyglot expects none with a hyphen. */
const TARGET = /\b((?:INSERT(?:\s+INTO)?|UPDATE)\s+)([a-z][a-z\d]*(?:-[a-z\d]+)+)(?=\s*\.)/giu;

/**
 * Puts underscores in place of the hyphens in what INSERT and UPDATE change: polyglot reads `my-project.d.t` without quotes
 * elsewhere, but not there. Null if there is no such name, or a name with the underscores stands in the SQL as well.
 * @param sql without comments
 */
export function withoutHyphens(sql: string): WithoutHyphens | null {
  const words = new Map<string, string>();
  const text = sql.replace(TARGET, (_, before: string, name: string) => {
    const standIn = name.replaceAll('-', '_');
    words.set(standIn, name);
    return before + standIn;
  });
  const lower = sql.toLowerCase();
  const isFree = [...words.keys()].every((standIn) => !lower.includes(standIn.toLowerCase()));
  return words.size > 0 && isFree ? { sql: text, words } : null;
}

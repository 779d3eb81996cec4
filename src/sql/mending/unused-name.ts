/** As many are tried; hardly any SQL has names like these. */
const MOST_TRIED = 100;

/**
 * The first of some names that occurs nowhere in the SQL, be it as part of a longer one; null if each of them does.
 * @param nameOf the name to try after so many, in lower case
 * @param taken names that are used elsewhere
 */
export function unusedName(
  sql: string,
  nameOf: (tried: number) => string,
  taken: ReadonlySet<string> = new Set(),
): string | null {
  const lower = sql.toLowerCase();
  for (let tried = 0; tried < MOST_TRIED; tried += 1) {
    const name = nameOf(tried);
    if (!lower.includes(name) && !taken.has(name)) return name;
  }
  return null;
}

/** A name for the place of another one: as long, and nowhere else in the SQL; null if there is none. */
export function standInFor(word: string, sql: string, taken?: ReadonlySet<string>): string | null {
  const standIn = unusedName(sql, (tried) => `_${tried}`.padEnd(word.length, '_'), taken);
  return standIn?.length === word.length ? standIn : null;
}

/** As many are tried; hardly any SQL has names like these. */
const MOST_TRIED = 100;

/**
 * The first of some names that occurs nowhere in the SQL, be it as part of a longer one; null if each of them does.
 * @param nameOf the name to try after so many, in lower case
 */
export function unusedName(sql: string, nameOf: (tried: number) => string): string | null {
  const lower = sql.toLowerCase();
  for (let tried = 0; tried < MOST_TRIED; tried += 1) {
    const name = nameOf(tried);
    if (!lower.includes(name)) return name;
  }
  return null;
}

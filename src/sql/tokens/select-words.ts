import { tokensOf } from './tokens.ts';

/** As many SELECTs as SQL has at most: some may stand in texts, names and comments. */
function mostSelectsIn(sql: string): number {
  return sql.match(/\bSELECT\b/gi)?.length ?? 0;
}

/** Whether SQL has more SELECTs than were found in what a parser made of it. Takes time linear in the length of the SQL. */
export function hasMoreSelects(sql: string, found: number): boolean {
  if (mostSelectsIn(sql) <= found) return false;
  let selects = 0;
  let before = '';
  for (const { whole, space, word } of tokensOf(sql)) {
    if (space !== undefined) continue;
    // After a dot, it is a name.
    if (word?.toUpperCase() === 'SELECT' && before !== '.') selects += 1;
    before = whole;
  }
  return selects > found;
}

import { tokensOf } from '../tokens/tokens.ts';

/** Hardly any SQL has such a NOT, so that hardly any is taken apart for it. */
const NEGATES_OPERAND = /\bNOT\s+(?!(?:BETWEEN|EXISTS|IN|LIKE|NULL)\b)/i;

/** What ends an operand of LIKE, so that a NOT before it negates something else. */
const ENDS_OPERAND: ReadonlySet<string> = new Set([
  ...[
    'AND',
    'OR',
    'WHEN',
    'THEN',
    'ELSE',
    'ON',
    'WHERE',
    'HAVING',
    'QUALIFY',
    'SELECT',
    'FROM',
    'GROUP',
    'ORDER',
  ],
  ...[',', ';', '=', '<', '>', '!'],
]);
const OPENS: ReadonlySet<string> = new Set(['(', '[', 'CASE']);
const CLOSES: ReadonlySet<string> = new Set([')', ']', 'END']);

/**
 * The SQL with spaces in place of each NOT that negates a LIKE, as in `NOT x LIKE 'a'`: polyglot keeps such an expression
 * as a text, without its columns and tables. Whether a LIKE is negated makes no difference to what is read. Takes time
 * linear in the length of the SQL.
 */
export function plainNotLike(sql: string): string {
  if (!NEGATES_OPERAND.test(sql) || !/\bLIKE\b/i.test(sql)) return sql;
  const texts: string[] = [];
  /** For each bracket that is open, the last one last: the words NOT whose operand has not ended. */
  const pending: number[][] = [[]];
  let before = -1;
  for (const { whole, space } of tokensOf(sql)) {
    const at = texts.push(whole) - 1;
    if (space !== undefined) continue;
    track(whole.toUpperCase(), at);
    before = at;
  }
  return texts.join('');

  function track(word: string, at: number): void {
    const open = pending.at(-1) ?? [];
    if (word === 'NOT') open.push(at);
    else if (OPENS.has(word)) pending.push([]);
    else if (CLOSES.has(word) && pending.length > 1) pending.pop();
    else if (word === 'LIKE') blank(open.splice(0));
    else if (ENDS_OPERAND.has(word)) open.length = 0;
  }

  /** In `x NOT LIKE 'a'`, it stays. */
  function blank(found: readonly number[]): void {
    for (const at of found) if (at !== before) texts[at] = '   ';
  }
}

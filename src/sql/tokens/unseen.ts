import { scriptWordsOf } from './script-words.ts';
import { tokensOf } from './tokens.ts';

/** System variables by which a later statement means other tables than it says, or its job has other labels. */
const REINTERPRETING: ReadonlySet<string> = new Set(['dataset_id', 'dataset_project_id', 'query_label']);

/**
 * Why SQL that a parser reads completely may nevertheless do something else; null if there is no reason. It then counts
 * as unread, with the tables that it is known to name.
 */
export function unseenReason(sql: string): string | null {
  const { unseen, systemVariables } = scriptWordsOf(sql);
  if (unseen !== null) return `what ${unseen} runs does not stand in it`;
  const variable = [...systemVariables].find((name) => REINTERPRETING.has(name));
  if (variable !== undefined) return `it may set @@${variable}, and then other tables or labels are meant`;
  return asksForLegacySql(sql) ? 'it is legacy SQL' : oddTokenIn(sql);
}

/**
 * Whether a comment at the very start asks for legacy SQL, in which the same words can mean other tables. It overrides
 * the request. A remark before it is assumed not to stop it.
 * @see https://cloud.google.com/bigquery/docs/introduction-legacy-sql
 */
function asksForLegacySql(sql: string): boolean {
  if (!/#legacySQL\b/i.test(sql)) return false;
  for (const { whole, space } of tokensOf(sql)) {
    if (space === undefined) return false;
    if (/^#legacySQL\b/i.test(whole)) return true;
  }
  return false;
}

/** Tokens that servers and parsers may end at different places, or read as different names. */
function oddTokenIn(sql: string): string | null {
  if (!/\r(?!\n)/.test(sql) && !sql.includes('\\')) return null;
  for (const { space, name } of tokensOf(sql)) {
    if (name?.includes('\\') === true) return 'it has a quoted name with an escape';
    if (space !== undefined && /^(?:--|#).*\r(?!\n|$)/s.test(space))
      return 'it has a comment with a carriage return';
  }
  return null;
}

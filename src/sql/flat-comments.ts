import { tokensOf } from './tokens.ts';

/**
 * The SQL with no start of a comment inside of a comment, each character where it was. A comment of BigQuery's ends
 * at the first end; polyglot waits for as many ends as there were starts, and would take what follows for comment.
 */
export function withFlatComments(sql: string): string {
  if (sql.indexOf('/*') === sql.lastIndexOf('/*')) return sql;
  let flat = '';
  for (const { whole, space } of tokensOf(sql)) {
    const isBlock = space !== undefined && whole.startsWith('/*');
    flat += isBlock ? `/*${whole.slice(2).replaceAll('/*', '  ')}` : whole;
  }
  return flat;
}

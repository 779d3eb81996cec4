import { Dialect, parse } from '@polyglot-sql/sdk';
import { notImplemented } from '../not-implemented.ts';
import { BigQueryError } from '../warehouse.ts';
import { selectFromBrackets } from './bracketed-queries.ts';

/** `INSERT t` and `INSERT INTO t` mean the same in GoogleSQL; the parser knows only the second. */
const INSERT_WITHOUT_INTO = /^(\s*INSERT)\s+(?!INTO\b)/i;

/**
 * Parses GoogleSQL that holds exactly one statement.
 * @throws BigQueryError `invalidQuery` if it cannot be parsed; `notImplemented` for scripts
 */
export function parseStatement(sql: string): unknown {
  const known = selectFromBrackets(sql.replace(INSERT_WITHOUT_INTO, '$1 INTO '));
  const parsed = parse(known, Dialect.BigQuery);
  if (!parsed.success) throw syntaxError(sql, parsed.error ?? 'Unexpected text');
  const statements: readonly unknown[] = Array.isArray(parsed.ast) ? parsed.ast : [];
  const [first, ...others] = statements;
  if (first === undefined) throw invalidQuery('Syntax error: Unexpected end of script');
  if (others.length > 0) throw notImplemented('scripts of several statements');
  return first;
}

/** One expression, as in a SELECT list. */
export function parseExpression(sql: string): unknown {
  // Text that begins with SELECT parses into a SELECT.
  const statement = parseStatement(`SELECT ${sql}`) as {
    readonly select: { readonly expressions: readonly unknown[] };
  };
  return statement.select.expressions[0];
}

/** One source of rows, as in a FROM. */
export function parseSource(sql: string): unknown {
  // The same, with a FROM.
  const statement = parseStatement(`SELECT 1 FROM ${sql}`) as {
    readonly select: { readonly from: { readonly expressions: readonly unknown[] } };
  };
  return statement.select.from.expressions[0];
}

export function invalidQuery(message: string): BigQueryError {
  return new BigQueryError(400, 'invalidQuery', message, 'query');
}

function syntaxError(sql: string, reason: string): BigQueryError {
  if (sql.includes('|>')) return notImplemented('pipe syntax of this form');
  if (/\bFOR\s+SYSTEM_TIME\b/i.test(sql)) return notImplemented('FOR SYSTEM_TIME AS OF');
  const place = /line (\d+), column (\d+)/.exec(reason);
  const what = reason.replace(/^Parse error at line \d+, column \d+: /, '');
  return invalidQuery(`Syntax error: ${what}${place === null ? '' : ` at [${place[1]}:${place[2]}]`}`);
}

import { notImplemented } from '../not-implemented.ts';
import { call, number, text } from './expressions.ts';
import { type Body, nodeOf, stringLiteral } from './tree.ts';

/** Functions over text that the transpiler leaves to functions of DuckDB with another meaning. */
export const TEXT_FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown | null>> = {
  CONCAT: (args) => args.reduce((joined, next) => call('bq_concat', [joined, next])),
  FORMAT: () => {
    throw notImplemented('the function FORMAT');
  },
  MD5: (args) => call('bq_md5', args),
  REGEXP_CONTAINS: (args) => call('bq_regexp_contains', args),
  REGEXP_EXTRACT: (args) => extraction('bq_regexp_extract', args),
  REGEXP_EXTRACT_ALL: (args) => extraction('bq_regexp_extract_all', args),
  REGEXP_REPLACE: (args) => call('bq_regexp_replace', args),
};

/** GoogleSQL returns the group if the expression has one, or else the whole match; DuckDB has to be told which. */
function extraction(macro: string, [value, expression, ...others]: readonly unknown[]): unknown {
  const pattern = stringLiteral(expression);
  if (pattern === null) throw notImplemented('regular expressions that are no literals');
  if (others.length > 0) throw notImplemented('REGEXP_EXTRACT with a position');
  return call(macro, [value, expression, number(hasGroup(pattern) ? 1 : 0)]);
}

function hasGroup(pattern: string): boolean {
  const withoutEscapesAndClasses = pattern.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]/g, '');
  return /\((?!\?)|\(\?P?</.test(withoutEscapesAndClasses);
}

/** `SUBSTR(value, start, length)` */
export function rewriteSubstring(body: Body): unknown {
  const { this: value, start, length } = body;
  return length === null || length === undefined
    ? call('bq_substring', [value, start])
    : call('bq_substring_of_length', [value, start, length]);
}

/** In GoogleSQL, a backslash escapes in every pattern; in DuckDB only if the statement says so. */
export function rewriteLike(body: Body): unknown {
  if (body['quantifier'] !== null) throw notImplemented(`LIKE ${String(body['quantifier'])}`);
  return stringLiteral(body['right'])?.includes('\\') === false
    ? null
    : { like: { ...body, escape: text('\\') } };
}

/** `INSTR(value, part, position)`: a negative position searches from the end. */
export function refuseToSearchBackwards(body: Body): null {
  const { position } = body;
  if (position === null || nodeOf(position)?.type === 'literal') return null;
  throw notImplemented('INSTR with a position that may be negative');
}

import { ast } from '../../syntax/polyglot.ts';
import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import { restsOnTable } from '../queries/rows.ts';
import { functionName, isQuery, nodesIn } from '../queries/tree.ts';
import type { SourceText } from '../source/source-text.ts';

/** Functions of time, user or randomness that may be called without parentheses. */
const BARE = new Set(['CURRENT_DATE', 'CURRENT_DATETIME', 'CURRENT_TIME', 'CURRENT_TIMESTAMP']);

/** @see https://cloud.google.com/bigquery/docs/cached-results#cache-exceptions */
const VOLATILE = new Set([...BARE, 'SESSION_USER', 'RAND', 'GENERATE_UUID']);

/**
 * A query over stored tables whose result BigQuery does not cache because it calls a function that returns something
 * different each time. Scripts and statements that write are never cached, and are ignored.
 */
export const notCacheable: Detector = {
  name: 'not-cacheable',
  find(sight) {
    const [statement, ...others] = sight.queries.statements;
    if (statement === undefined || others.length > 0 || !isQuery(statement)) return [];
    const words = sight.text.tokens.some(({ word }) => word !== null && VOLATILE.has(word));
    const { selects } = sight.queries;
    if (!words || !selects.some(({ sources }) => sources.some((source) => restsOnTable(source)))) return [];
    const called = new Set(
      selects.flatMap(({ clauses, body }) => nodesIn([clauses, body.from, body.joins])).map(volatileName),
    );
    return sight.text.tokens.flatMap((_, index) => callAt(sight, index, called));
  },
};

/**
 * The name of the volatile function that a node calls: the tree distinguishes a function from a column of the same
 * name.
 */
function volatileName(node: Expression): string {
  const name = 'function' in node ? functionName(node) : ast.getExprType(node).toUpperCase();
  return name !== null && VOLATILE.has(name) ? name : '';
}

function callAt({ text }: Sight, index: number, called: ReadonlySet<string>): readonly Found[] {
  const word = text.tokens[index]?.word;
  if (!word || !called.has(word) || text.tokens[index - 1]?.word === 'AS') return [];
  if (text.tokens[index + 1]?.text === '(') return found(text.span(index, text.closing(index + 1)));
  return BARE.has(word) && !isQualifier(text, index) ? found(text.span(index, index)) : [];
}

function isQualifier(text: SourceText, index: number): boolean {
  return text.tokens[index + 1]?.text === '.';
}

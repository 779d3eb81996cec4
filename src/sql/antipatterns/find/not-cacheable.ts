import type { SourceText } from '../../source/source-text.ts';
import { ast } from '../../syntax/polyglot.ts';
import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { readsStoredTable } from '../queries/rows.ts';
import { functionName, isQuery, nodesIn } from '../queries/tree.ts';

/** Functions of time, user or randomness that may be called without parentheses. */
const CALLED_WITHOUT_PARENTHESES = new Set([
  'CURRENT_DATE',
  'CURRENT_DATETIME',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
]);

/** @see https://cloud.google.com/bigquery/docs/cached-results#cache-exceptions */
const VOLATILE = new Set([...CALLED_WITHOUT_PARENTHESES, 'SESSION_USER', 'RAND', 'GENERATE_UUID']);

/**
 * A query over stored tables whose result BigQuery does not cache because it calls a function that returns something
 * different each time. Scripts and statements that write are never cached, and are ignored.
 */
export const notCacheable: Detector = {
  name: 'not-cacheable',
  find(context) {
    const [statement, ...others] = context.queries.statements;
    if (statement === undefined || others.length > 0 || !isQuery(statement)) return [];
    const hasVolatileWord = context.text.tokens.some(({ word }) => word !== null && VOLATILE.has(word));
    const { selects } = context.queries;
    if (
      !hasVolatileWord ||
      !selects.some(({ sources }) => sources.some((source) => readsStoredTable(source)))
    )
      return [];
    const calledNames = new Set(
      selects.flatMap(({ clauses, body }) => nodesIn([clauses, body.from, body.joins])).map(volatileName),
    );
    return context.text.tokens.flatMap((_, index) => callAt(context, index, calledNames));
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

function callAt(
  { text }: DetectorContext,
  index: number,
  calledNames: ReadonlySet<string>,
): readonly Finding[] {
  const word = text.tokens[index]?.word;
  if (!word || !calledNames.has(word) || text.tokens[index - 1]?.word === 'AS') return [];
  if (text.tokens[index + 1]?.text === '(') return findingAt(text.span(index, text.closing(index + 1)));
  return CALLED_WITHOUT_PARENTHESES.has(word) && !isQualifier(text, index)
    ? findingAt(text.span(index, index))
    : [];
}

function isQualifier(text: SourceText, index: number): boolean {
  return text.tokens[index + 1]?.text === '.';
}

import { ast } from '@polyglot-sql/sdk';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import { restsOnTable } from '../queries/rows.ts';
import { isQuery } from '../queries/tree.ts';
import type { SourceText } from '../source/source-text.ts';

/** Functions of the moment, the person or chance that may be written without brackets. */
const BARE = new Set(['CURRENT_DATE', 'CURRENT_DATETIME', 'CURRENT_TIME', 'CURRENT_TIMESTAMP']);

/** @see https://cloud.google.com/bigquery/docs/cached-results#cache-exceptions */
const VOLATILE = new Set([...BARE, 'SESSION_USER', 'RAND', 'GENERATE_UUID']);

/**
 * A query over stored tables whose answer BigQuery does not cache, since a function in it answers differently each
 * time. Scripts and statements that write are never cached, and not told of.
 */
export const notCacheable: Detector = {
  name: 'not-cacheable',
  find(sight) {
    const [statement, ...others] = sight.queries.statements;
    if (statement === undefined || others.length > 0 || !isQuery(statement)) return [];
    const readsTables = sight.queries.selects.some(({ sources }) =>
      sources.some((source) => restsOnTable(source)),
    );
    if (!readsTables) return [];
    const called = functionsOf(statement);
    return sight.text.tokens.flatMap((_, index) => callAt(sight, index, called));
  },
};

function callAt({ text }: Sight, index: number, called: ReadonlySet<string>): readonly Found[] {
  const word = text.tokens[index]?.word;
  if (!word || !called.has(word) || text.tokens[index - 1]?.word === 'AS') return [];
  if (text.tokens[index + 1]?.text === '(') return found(text.span(index, text.closing(index + 1)));
  return BARE.has(word) && !isQualifier(text, index) ? found(text.span(index, index)) : [];
}

function isQualifier(text: SourceText, index: number): boolean {
  return text.tokens[index + 1]?.text === '.';
}

/** The volatile functions that the tree calls: it tells a function from a column of the same name. */
function functionsOf(statement: Parameters<typeof isQuery>[0]): ReadonlySet<string> {
  const called = new Set<string>();
  const waiting: unknown[] = [statement];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (ast.isExpressionValue(part)) {
      const name = 'function' in part && !part.function.quoted ? part.function.name : ast.getExprType(part);
      if (VOLATILE.has(name.toUpperCase())) called.add(name.toUpperCase());
    }
    for (const one of Object.values(part)) waiting.push(one);
  }
  return called;
}

import { type Body, isBody, nodeOf } from './tree.ts';

/** Expressions with a name of their own. */
const NAMED_EXPRESSIONS: ReadonlySet<string> = new Set(['column', 'alias', 'star', 'dot', 'aliases']);

/** Names the unnamed columns of a query's result as BigQuery does: `f0_`, `f1_`. */
export function nameColumns(statement: unknown): unknown {
  const node = nodeOf(statement);
  if (node === null) return statement;
  if (node.type === 'select') return { select: nameSelectColumns(node.body) };
  // The columns of a set operation are those of its first query.
  const inner = node.type === 'subquery' || node.type === 'paren' ? 'this' : 'left';
  return inner in node.body
    ? { [node.type]: { ...node.body, [inner]: nameColumns(node.body[inner]) } }
    : statement;
}

function alias(expression: unknown, name: string): unknown {
  return {
    alias: {
      this: expression,
      alias: { name, quoted: false, trailing_comments: [] },
      column_aliases: [],
      alias_explicit_as: true,
      pre_alias_comments: [],
      trailing_comments: [],
    },
  };
}

function nameSelectColumns(select: Body): Body {
  if (!Array.isArray(select['expressions']) || isBody(select['kind'])) return select;
  let unnamed = 0;
  const expressions = select['expressions'].map((expression: unknown) => {
    const node = nodeOf(expression);
    if (node !== null && NAMED_EXPRESSIONS.has(node.type)) return expression;
    const name = `f${unnamed}_`;
    unnamed += 1;
    return alias(expression, name);
  });
  return { ...select, expressions };
}

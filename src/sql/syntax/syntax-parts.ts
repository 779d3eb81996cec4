import type { ast } from '@polyglot-sql/sdk';

/** A node of polyglot's syntax tree. */
export type Expression = NonNullable<ReturnType<typeof ast.findFirst>>;
/** The content of a node: all clauses of a SELECT; name and alias of a table. */
export type SelectBody = ReturnType<typeof ast.findByType<'select'>>[number]['select'];
export type TableBody = ReturnType<typeof ast.findByType<'table'>>[number]['table'];

/** Any object in the tree: a node, or something inside one. */
export type Parts = Readonly<Record<string, unknown>>;

/** An item of a FROM clause, and the JOIN that adds it; null after a comma, and for the first. */
export interface Item {
  readonly from: Parts;
  readonly join: Parts | null;
}

export interface WithClause {
  readonly recursive?: boolean;
  readonly ctes: readonly { readonly alias: { readonly name: string }; readonly this: Expression }[];
}

const QUERIES = ['select', 'union', 'intersect', 'except', 'subquery'] as const;

/** The expression without the comments that the parser wraps around it. */
export function uncommented(expression: Expression): Expression {
  return 'annotated' in expression ? uncommented(expression.annotated.this) : expression;
}

/** The content of a SELECT, of a set operation, or of parentheses around either; null for anything else. */
export function queryIn(part: Parts): Parts | null {
  for (const type of QUERIES) {
    const body = part[type];
    if (isParts(body)) return body;
  }
  return null;
}

/** A statement's queries that are not inside others: the statement itself, or those that it fills tables from. */
export function outerQueriesOf(statement: unknown): readonly Parts[] {
  if (Array.isArray(statement)) return statement.flatMap(outerQueriesOf);
  if (!isParts(statement)) return [];
  return queryIn(statement) === null ? Object.values(statement).flatMap(outerQueriesOf) : [statement];
}

/** The items in the FROM clause of a statement, or in parentheses there. */
export function itemsIn(body: Parts): readonly Item[] {
  return [
    ...firstItemsIn(body).map((from) => ({ from, join: null })),
    ...partsIn(body['joins']).flatMap((join) => partsIn([join['this']]).map((from) => ({ from, join }))),
  ];
}

function firstItemsIn(body: Parts): readonly Parts[] {
  const clause = body['from'] ?? body['from_clause'];
  if (isParts(clause)) return partsIn(clause['expressions']);
  return 'joins' in body ? partsIn([body['left']]) : [];
}

/** The name that other clauses use for an item, in lower case; null if it has none of its own. */
export function nameOf(from: Parts): string | null {
  for (const body of Object.values(from).filter(isParts)) {
    const alias = body['alias'];
    if (isParts(alias) && typeof alias['name'] === 'string') return alias['name'].toLowerCase();
    if (isTable(body)) return (body.name.name.split('.').at(-1) ?? '').toLowerCase();
  }
  return null;
}

/** The name, in lower case, under which it may be a common table; null if it has a dataset, even inside its quotes. */
export function bareNameOf({ schema, name }: TableBody): string | null {
  return schema === null && !name.name.includes('.') ? name.name.toLowerCase() : null;
}

/**
 * The first name of a path with several, in lower case: if a row in scope has that name, the path is an array in it.
 * Null for a single name. Quotes hold a name together, including dots: `` `m.items`.x `` is not an array of a row `m`.
 */
export function firstNameOf({ catalog, schema }: TableBody): string | null {
  const first = catalog ?? schema;
  if (!first) return null;
  return (first.quoted === true ? first.name : (first.name.split('.')[0] ?? '')).toLowerCase();
}

/** The parts of an item: what is pivoted, what is joined in parentheses; none for a subquery. */
export function innerItems(from: Parts): readonly Parts[] {
  if ('subquery' in from) return [];
  return Object.values(from)
    .filter(isParts)
    .flatMap((body) => ('joins' in body ? itemsIn(body).map((item) => item.from) : partsIn([body['this']])));
}

/** What may hold nodes in a part of the tree. */
export function innerParts(part: Parts): readonly unknown[] {
  const inner: unknown[] = [];
  for (const name of Object.keys(part)) {
    const value = part[name];
    if (typeof value === 'object' && value !== null && name !== 'span') inner.push(value);
  }
  return inner;
}

export function withClauseOf(body: Parts): WithClause | undefined {
  return Object.values(body).find(isWith);
}

export function isParts(part: unknown): part is Parts {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

export function partsIn(list: unknown): readonly Parts[] {
  return Array.isArray(list) ? list.filter(isParts) : [];
}

export function isSelect(body: Parts): body is SelectBody & Parts {
  return 'expressions' in body && 'from' in body && 'where_clause' in body;
}

export function isTable(part: Parts): part is TableBody & Parts {
  return 'alias_explicit_as' in part && 'catalog' in part && 'schema' in part && 'name' in part;
}

export function isWith(part: unknown): part is WithClause {
  return isParts(part) && Array.isArray(part['ctes']);
}

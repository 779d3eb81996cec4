import { hasRowLimit } from '../../columns/filter-reach.ts';
import { changeIn } from '../../syntax/change.ts';
import { ast } from '../../syntax/polyglot.ts';
import { namesOf } from '../../syntax/scope.ts';
import type { Expression, SelectBody } from '../../syntax/syntax-parts.ts';
import type { NameDefaults } from '../../table-names.ts';
import type { CommonTable, Ordering, Queries, Query, Role, Select } from './queries.ts';
import { readSources, type Scope } from './read-sources.ts';
import { selectsOf } from './rows.ts';
import { functionName, isQuery, nodesIn } from './tree.ts';

type With = NonNullable<SelectBody['with']>;

/** What a query is read for, and in which context. */
interface QueryContext {
  readonly role: Role;
  readonly scope: Scope;
  /** True if parentheses around the query have a LIMIT. */
  readonly limited: boolean;
  /** As for a SELECT. */
  readonly blocksFilters: boolean;
}

const ROLE_BY_STATEMENT: Readonly<Record<string, Role>> = { create_view: 'view', export: 'exported' };
const NO_SCOPE: Scope = { commonTables: new Map(), outerNames: new Set() };

/** Finds every query in the statements, at any depth, with what it reads and what its rows are for. */
export function readQueries(statements: readonly Expression[], defaults: NameDefaults): Queries {
  const reader = new QueryReader(statements, defaults);
  for (const statement of statements) {
    const role = ROLE_BY_STATEMENT[ast.getExprType(statement)] ?? 'written';
    if (isQuery(statement))
      reader.read(statement, { role: 'result', scope: NO_SCOPE, limited: false, blocksFilters: false });
    else reader.readStatement(statement, role);
  }
  recordReaders(reader.selects);
  return reader;
}

/** Only after everything has been read: a recursive common table is read before what it reads of itself is known. */
function recordReaders(selects: readonly Select[]): void {
  for (const select of selects) {
    for (const source of select.sources) {
      for (const { readers } of selectsOf(source)) readers.push({ select, source });
    }
  }
}

/** Collects what is found while the trees are walked. */
class QueryReader implements Queries {
  readonly statements: readonly Expression[];
  readonly selects: Select[] = [];
  readonly commonTables: CommonTable[] = [];
  readonly orderings: Ordering[] = [];
  readonly #defaults: NameDefaults;

  constructor(statements: readonly Expression[], defaults: NameDefaults) {
    this.statements = statements;
    this.#defaults = defaults;
  }

  read(node: Expression, context: QueryContext): Query {
    if ('annotated' in node) return this.read(node.annotated.this, context);
    if ('select' in node) return { selects: [this.#readSelect(node.select, context)] };
    if ('subquery' in node) {
      const { this: inner, order_by, limit } = node.subquery;
      const limited = context.limited || limit !== null;
      const blocksFilters = context.blocksFilters || hasRowLimit(node.subquery);
      const query = this.read(inner, { ...context, limited, blocksFilters });
      if (order_by) this.orderings.push({ role: context.role, limited, selects: query.selects });
      return query;
    }
    const set = setOperationIn(node);
    return set === null ? { selects: [] } : this.#readSetOperation(set, 'union' in node, context);
  }

  /** Reads the queries in any other statement. What a change names beside its target does not see the target's rows. */
  readStatement(statement: Expression, role: Role): void {
    const change = changeIn({ ...statement });
    if (change === null) {
      this.readIn(statement, role, NO_SCOPE);
      return;
    }
    const items = change.items.map(({ from }) => from);
    this.readIn([change.target, ...change.items], role, NO_SCOPE);
    const outerNames = new Set([change.target, ...items].flatMap(namesOf));
    this.readIn(change.clauses, role, { ...NO_SCOPE, outerNames });
  }

  /** Reads the queries in a part of the tree, outside any FROM. */
  readIn(part: unknown, role: Role, scope: Scope): void {
    const nodes = nodesIn(part);
    const roles = new Map(nodes.flatMap(rolesIn));
    for (const node of nodes.filter(isQuery)) {
      this.read(node, { role: roles.get(node) ?? role, scope, limited: false, blocksFilters: false });
    }
  }

  #readSetOperation(set: SetOperation, isUnion: boolean, context: QueryContext): Query {
    const scope = this.#withCommonTables(set.with, context.scope);
    const blocksFilters = context.blocksFilters || hasRowLimit(set) || !isUnion;
    const arms = [set.left, set.right].map((arm) =>
      this.read(arm, { ...context, scope, limited: false, blocksFilters }),
    );
    const selects = arms.flatMap((arm) => arm.selects);
    const limited = context.limited || set.limit !== null;
    if (set.order_by) this.orderings.push({ role: context.role, limited, selects });
    return { selects };
  }

  #readSelect(body: SelectBody, { role, scope: outer, limited, blocksFilters }: QueryContext): Select {
    const scope = this.#withCommonTables(body.with, outer);
    const names = { defaults: this.#defaults, scope };
    const sources = readSources(body, names, {
      query: (node) => this.read(node, { role: 'from', scope, limited: false, blocksFilters: false }),
      queriesIn: (part, outerNames) => this.readIn(part, 'value', { ...scope, outerNames }),
    });
    const select: Select = { body, clauses: clausesOf(body), role, sources, blocksFilters, readers: [] };
    this.selects.push(select);
    if (body.order_by) {
      this.orderings.push({ role, limited: limited || body.limit !== null, selects: [select] });
    }
    const outerNames = new Set([...scope.outerNames, ...sources.flatMap(({ name }) => name ?? [])]);
    this.readIn(select.clauses, 'value', { ...scope, outerNames });
    return select;
  }

  /** A common table sees those before it; with RECURSIVE, all of them. */
  #withCommonTables(clause: With | null | undefined, outer: Scope): Scope {
    if (!clause) return outer;
    const commonTables = new Map(outer.commonTables);
    const tables = clause.ctes.map(({ alias, this: definition }) => ({
      definition,
      table: {
        name: alias,
        query: { selects: [] },
        recursive: clause.recursive,
        references: 0,
      } as CommonTable,
    }));
    const define = (table: CommonTable) => commonTables.set(table.name.name.toLowerCase(), table);
    if (clause.recursive) for (const { table } of tables) define(table);
    for (const { table, definition } of tables) {
      // It is read completely before the next one is known.
      table.query = this.read(definition, {
        role: 'common',
        scope: { ...outer, commonTables },
        limited: false,
        blocksFilters: false,
      });
      define(table);
      this.commonTables.push(table);
    }
    return { ...outer, commonTables };
  }
}

/** What the queries directly in a node are for, if the node tells. */
function rolesIn(node: Expression): readonly (readonly [Expression, Role])[] {
  if ('in' in node && node.in.query) return [[node.in.query, 'in']];
  if ('exists' in node) return [[node.exists.this, 'exists']];
  if ('function' in node && functionName(node) === 'ARRAY')
    return node.function.args.map((argument) => [argument, 'array'] as const);
  return [];
}

type SetOperation = NonNullable<ReturnType<typeof setOperationIn>>;

function setOperationIn(node: Expression) {
  if ('union' in node) return node.union;
  if ('intersect' in node) return node.intersect;
  return 'except' in node ? node.except : null;
}

function clausesOf(body: SelectBody): readonly unknown[] {
  return [
    body.expressions,
    body.joins.map(({ on }) => on),
    body.where_clause,
    body.group_by,
    body.having,
    body.qualify,
    body.windows,
    body.order_by,
  ];
}

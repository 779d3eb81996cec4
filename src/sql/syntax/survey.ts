import { type Change, changeIn } from './change.ts';
import {
  isArrayOfRows,
  isNamedInScope,
  NO_SCOPE,
  namesOf,
  type Scope,
  type Source,
  sourcesOf,
} from './scope.ts';
import {
  type Expression,
  type Item,
  isParts,
  isSelect,
  isTable,
  isWith,
  itemsIn,
  type Parts,
  partsIn,
  queryIn,
  type SelectBody,
  type TableBody,
  withClauseOf,
} from './syntax-parts.ts';

/** What a walk through whole statements finds, with names resolved by scope as in GoogleSQL. */
export interface Survey {
  /** Every table that is read or written, at any depth; no common tables, no arrays in another table's rows. */
  readonly tables: readonly TableBody[];
  readonly selects: readonly SurveyedSelect[];
  /** Sources joined to those before them by comma, by CROSS JOIN, or by a JOIN without ON or USING. */
  readonly joinsWithoutCondition: number;
  /** Queries in parentheses inside others, anywhere; common tables and operands of UNION do not count. */
  readonly subqueries: number;
  /** Tables passed to a function with all their columns: `TABLE t`. */
  readonly tableArguments: readonly TableBody[];
  /** True if the parser keeps a statement's words unparsed: `CREATE MODEL`, or a block of statements. */
  readonly hasUnparsed: boolean;
}

/** One SELECT, and the items in its own FROM and JOIN clauses, not in subqueries there. */
export interface SurveyedSelect {
  readonly body: SelectBody;
  readonly sources: readonly Source[];
  /** Those of the enclosing queries, nearest first. */
  readonly outerSources: readonly Source[];
  /** The names of its sources' rows, including those that are not tables; in lower case. */
  readonly rows: ReadonlySet<string>;
  /** True directly in EXISTS, which asks for rows and reads nothing of the list. */
  readonly isListUnread: boolean;
}

interface SurveyState {
  readonly tables: Set<TableBody>;
  readonly selects: SurveyedSelect[];
  /** The SELECTs directly in EXISTS. */
  readonly existences: Set<unknown>;
  joinsWithoutCondition: number;
  subqueries: number;
  readonly tableArguments: TableBody[];
  hasUnparsed: boolean;
}

/** Walked before the other parts of their statement, because they define names that the others use. */
const NAMING_PARTS: ReadonlySet<string> = new Set(['from', 'from_clause', 'joins']);

/** Statements that create or drop what they name, so that the name is not a table read. */
const OF_ROUTINES: ReadonlySet<string> = new Set([
  'create_function',
  'create_procedure',
  'drop_function',
  'drop_procedure',
]);

/** The parts by which a node is something other than a holder of further nodes, as most of a tree is. */
const TELLING: ReadonlySet<string> = new Set([
  ...['select', 'union', 'intersect', 'except', 'subquery', 'exists', 'update', 'delete', 'merge'],
  ...['catalog', 'command', 'raw', 'table_argument', 'with', 'with_cte', 'RenameTable'],
  ...NAMING_PARTS,
  ...OF_ROUTINES,
]);

/** Walks through statements, each on its own: the names of one mean nothing in the next. */
export function surveyOf(statements: readonly Expression[]): Survey {
  const state: SurveyState = {
    tables: new Set(),
    selects: [],
    existences: new Set(),
    joinsWithoutCondition: 0,
    subqueries: 0,
    tableArguments: [],
    hasUnparsed: false,
  };
  for (const statement of statements) walkTopLevel(statement, NO_SCOPE, state);
  return { ...state, tables: [...state.tables] };
}

/** A statement, a common table's query, or an operand of UNION: a query here is not a subquery. */
function walkTopLevel(part: unknown, scope: Scope, state: SurveyState): void {
  if (!isParts(part)) return;
  const query = queryIn(part);
  if (query !== null) walkQuery(query, scope, state);
  else if (isParts(part['annotated'])) walkTopLevel(part['annotated']['this'], scope, state);
  else walk(part, scope, state);
}

/** Anything else: other statements, clauses, expressions. */
function walk(part: unknown, outer: Scope, state: SurveyState): void {
  if (Array.isArray(part)) {
    for (const item of part) walk(item, outer, state);
    return;
  }
  if (!isParts(part)) return;
  const names = Object.keys(part);
  if (names.some((name) => TELLING.has(name))) walkTelling(part, outer, state);
  else for (const name of names) if (name !== 'span') walk(part[name], outer, state);
}

function walkTelling(part: Parts, outer: Scope, state: SurveyState): void {
  if (isTable(part) && !isNamedInScope(part, outer)) state.tables.add(part);
  if (isParts(part['command']) || isParts(part['raw'])) state.hasUnparsed = true;
  state.tableArguments.push(...tableArgumentsIn(part));
  if (isParts(part['exists'])) state.existences.add(selectIn(part['exists']['this']));
  const query = queryIn(part);
  const change = changeIn(part);
  if (change !== null) {
    walkChange(change, outer, state);
  } else if (query === null) {
    walkClauses(part, outer, state);
  } else {
    state.subqueries += 1;
    walkQuery(query, outer, state);
  }
}

/** What stands beside the target does not see its rows; everything else sees both. */
function walkChange({ target, items, clauses }: Change, outer: Scope, state: SurveyState): void {
  walk(target, outer, state);
  const seen = walkItems(items, outer, state);
  const own = [{ from: target, join: null }, ...items];
  const rows = new Set([...seen.rows, ...namesOf(target)]);
  walk(clauses, { ...seen, rows, sources: [...tablesAmong(own, state), ...outer.sources] }, state);
}

/** The content of a SELECT, in parentheses or not; undefined for anything else. */
function selectIn(part: unknown): unknown {
  if (!isParts(part)) return undefined;
  const { select, subquery, annotated } = part;
  const inner = isParts(subquery) ? subquery : annotated;
  return isParts(inner) ? selectIn(inner['this']) : select;
}

/** A model is not a table that is read whole. */
function tableArgumentsIn({ table_argument: argument }: Parts): readonly TableBody[] {
  if (!isParts(argument) || argument['prefix'] !== 'TABLE' || !isParts(argument['this'])) return [];
  return Object.values(argument['this']).filter(isParts).filter(isTable);
}

function walkQuery(body: Parts, outer: Scope, state: SurveyState): void {
  if (isSelect(body)) walkSelect(body, outer, state);
  else walkOperands(body, outer, state);
}

function walkOperands(body: Parts, outer: Scope, state: SurveyState): void {
  const { this: inner, left, right, ...others } = body;
  const scope = withCommonTables(others, outer, state);
  for (const own of [inner, left, right]) walkTopLevel(own, scope, state);
  walk(
    Object.values(others).filter((part) => !isWith(part)),
    scope,
    state,
  );
}

function walkSelect(body: SelectBody & Parts, outer: Scope, state: SurveyState): void {
  const at = state.selects.length;
  const { items, sources } = walkClauses(body, outer, state);
  const rows = new Set(items.flatMap(({ from }) => namesOf(from)));
  const isListUnread = state.existences.has(body) && !body.distinct;
  state.selects.splice(at, 0, { body, sources, outerSources: outer.sources, rows, isListUnread });
}

/**
 * Walks WITH, then FROM, then everything that can use their names; returns the items in FROM, and the tables among
 * them.
 */
function walkClauses(
  body: Parts,
  outer: Scope,
  state: SurveyState,
): { readonly items: readonly Item[]; readonly sources: readonly Source[] } {
  const named = withCommonTables(body, outer, state);
  const items = itemsIn(body);
  const seen = items.length === 0 ? named : walkItems(items, named, state);
  const sources = tablesAmong(items, state);
  // Most parts of a tree have no FROM; they keep the lists that they have.
  const scope = items.length === 0 ? seen : { ...seen, sources: [...sources, ...named.sources] };
  for (const [name, part] of Object.entries(body)) {
    // The new name of a table is not one that is read.
    if (name === 'RenameTable') continue;
    const isWalked = NAMING_PARTS.has(name) || isWith(part) || (name === 'left' && 'joins' in body);
    if (!isWalked) walk(OF_ROUTINES.has(name) ? withoutName(part) : part, scope, state);
  }
  return { items, sources };
}

function withoutName(part: unknown): unknown {
  return isParts(part) ? { ...part, name: null } : part;
}

/** Each table of WITH sees those before it; with RECURSIVE, all see all. */
function withCommonTables(body: Parts, outer: Scope, state: SurveyState): Scope {
  const clause = withClauseOf(body);
  if (clause === undefined) return outer;
  const names = clause.ctes.map((cte) => cte.alias.name.toLowerCase());
  const common = new Set([...outer.common, ...(clause.recursive === true ? names : [])]);
  for (const cte of clause.ctes) {
    walkTopLevel(cte.this, { ...NO_SCOPE, common: new Set(common) }, state);
    common.add(cte.alias.name.toLowerCase());
  }
  return { ...outer, common };
}

/** Each item sees the rows of those before it; what follows FROM sees all. */
function walkItems(items: readonly Item[], outer: Scope, state: SurveyState): Scope {
  let seen: Scope = { ...outer, rows: new Set(outer.rows) };
  for (const [index, item] of items.entries()) {
    const { from, join } = item;
    if (index > 0 && !hasCondition(join) && !isArrayOfRows(from, seen)) state.joinsWithoutCondition += 1;
    // What is in parentheses does not see rows outside them.
    walk(from, 'subquery' in from || 'joined_table' in from ? outer : seen, state);
    const sources = [...seen.sources, ...tablesAmong([item], state)];
    seen = { ...seen, rows: new Set([...seen.rows, ...namesOf(from)]), sources };
    if (join !== null) walk(join['on'], seen, state);
  }
  return { ...seen, sources: outer.sources };
}

function tablesAmong(items: readonly Item[], { tables }: SurveyState): readonly Source[] {
  return items.flatMap(({ from }) => sourcesOf(from)).filter(({ table }) => tables.has(table));
}

function hasCondition(join: Parts | null): boolean {
  return join !== null && (isParts(join['on']) || partsIn(join['using']).length > 0);
}

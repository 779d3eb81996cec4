/** The facts that an expression reads and that must be looked up. */
export interface FactUses {
  /** The names of facts in it that depend on the definition of a table, view or routine. */
  readonly definitions: ReadonlySet<string>;
  readonly history: boolean;
  /** Whether it reads anything that may need a dry run: any fact of the query that the SQL alone does not show. */
  readonly dryRun: boolean;
  /** The budgets that it asks for, each with the position of the name. */
  readonly budgets: readonly { readonly name: string; readonly offset: number }[];
}

/** Facts that depend on how a table is partitioned: if the catalog says so, no definition is needed. */
const PARTITION_FACTS: readonly string[] = ['partitioned_by', 'partition_filter', 'antipatterns'];
/** Facts that only a table's definition tells. */
export const DEFINED_FACTS: readonly string[] = ['kind', 'clustered_by', 'cluster_filter'];
/** Facts that depend on what is behind views and routines. */
export const HIDDEN_FACTS: readonly string[] = ['outside_services', 'routines', 'unread_definitions'];
/** Facts of a query that its SQL alone tells. */
const SQL_FACTS: ReadonlySet<unknown> = new Set([
  'read',
  'star',
  'limit',
  'joins_without_condition',
  'subqueries',
  'functions',
  'fingerprint',
]);
const DEFINITION_FACTS = new Set([...PARTITION_FACTS, ...DEFINED_FACTS, ...HIDDEN_FACTS]);

/** For rules that need nothing but the query itself. */
export const NO_USES: FactUses = { definitions: new Set(), history: false, dryRun: false, budgets: [] };

/** What any of several expressions uses. */
export function allUses(uses: readonly FactUses[]): FactUses {
  return {
    definitions: new Set(uses.flatMap(({ definitions }) => [...definitions])),
    history: uses.some(({ history }) => history),
    dryRun: uses.some(({ dryRun }) => dryRun),
    budgets: uses.flatMap(({ budgets }) => budgets),
  };
}

/** The uses of an expression that starts this many characters into a longer text. */
export function shiftOffsets(characters: number, uses: FactUses): FactUses {
  return {
    ...uses,
    budgets: uses.budgets.map(({ name, offset }) => ({ name, offset: offset + characters })),
  };
}

/** A node of CEL's syntax tree, as far as it is used here. */
interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  /** For a fact, where its own name begins. */
  readonly pos: number;
}

/**
 * What an expression uses, according to its syntax tree. A quoted fact name counts as the fact: `t["cluster_filter"]`.
 */
export function usesIn(tree: unknown): FactUses {
  const nodes = [...nodesIn(tree)];
  const words = nodes.flatMap(wordOf);
  return {
    definitions: new Set(words.filter((word) => DEFINITION_FACTS.has(word))),
    history: mentionsVariable(tree, 'history'),
    dryRun: mayNeedDryRun(nodes),
    budgets: nodes.flatMap(budgetIn),
  };
}

/** Whether an expression mentions a variable. */
export function mentionsVariable(tree: unknown, variable: string): boolean {
  return [...nodesIn(tree)].some(({ op, args }) => op === 'id' && args === variable);
}

/**
 * The facts that `has()` is asked about, each with the position of its name: CEL's type check accepts any name there.
 */
export function factsInHas(tree: unknown): readonly { readonly name: string; readonly offset: number }[] {
  return [...nodesIn(tree)].flatMap(({ op, args }) => {
    if (op !== 'call' || !Array.isArray(args) || args[0] !== 'has') return [];
    const [argument] = nodesIn(args[1]);
    if (argument?.op !== '.' || !Array.isArray(argument.args)) return [];
    return [{ name: String(argument.args[1]), offset: argument.pos }];
  });
}

/** Every mention of the query counts, unless it is clearly a fact of its SQL. */
function mayNeedDryRun(nodes: readonly SyntaxNode[]): boolean {
  return nodes.filter(isQuery).length !== nodes.filter(isSqlFact).length;
}

function isQuery(value: unknown): boolean {
  return isNode(value) && value.op === 'id' && value.args === 'query';
}

function isSqlFact({ op, args }: SyntaxNode): boolean {
  return op === '.' && Array.isArray(args) && isQuery(args[0]) && SQL_FACTS.has(args[1]);
}

function* nodesIn(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const each of value) yield* nodesIn(each);
  else if (isNode(value)) {
    yield value;
    yield* nodesIn(value.args);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function wordOf({ op, args }: SyntaxNode): readonly string[] {
  const isField = (op === '.' || op === '.?') && Array.isArray(args);
  const word = isField ? args[1] : args;
  return (isField || op === 'value') && typeof word === 'string' ? [word] : [];
}

function budgetIn({ op, args }: SyntaxNode): FactUses['budgets'] {
  if (op !== 'call' || !Array.isArray(args) || args[0] !== 'budget') return [];
  const [name] = nodesIn(args[1]);
  return typeof name?.args === 'string' ? [{ name: name.args, offset: name.start }] : [];
}

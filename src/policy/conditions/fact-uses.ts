/** What of the facts an expression reads that is not there anyway. */
export interface FactUses {
  /** The names of facts that stand in it which hang on how a table is defined. */
  readonly definitions: ReadonlySet<string>;
  readonly history: boolean;
  /** Whether it reads what a dry run may be needed for: any fact of the query that the SQL alone does not tell. */
  readonly dryRun: boolean;
  /** The budgets that it asks for, each with the letter at which it does. */
  readonly budgets: readonly { readonly name: string; readonly offset: number }[];
}

/** Facts that hang on how a table is partitioned: where the catalog says it, no definition is needed. */
const PARTITION_FACTS: readonly string[] = ['partitioned_by', 'partition_filter', 'antipatterns'];
/** Facts that only a table's definition tells. */
export const CLUSTER_FACTS: readonly string[] = ['clustered_by', 'cluster_filter'];
/** Facts of a query that its SQL tells by itself. */
const SQL_FACTS: ReadonlySet<unknown> = new Set([
  'read',
  'star',
  'limit',
  'joins_without_condition',
  'subqueries',
  'functions',
  'fingerprint',
]);
const DEFINITION_FACTS = new Set([...PARTITION_FACTS, ...CLUSTER_FACTS]);

/** Of rules that need nothing but the query itself. */
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

/** What an expression uses that stands so many letters further on in a longer text. */
export function movedBy(letters: number, uses: FactUses): FactUses {
  return { ...uses, budgets: uses.budgets.map(({ name, offset }) => ({ name, offset: offset + letters })) };
}

/** A node of CEL's syntax tree, as far as it is looked at here. */
interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  /** Of a fact, where its own name begins. */
  readonly pos: number;
}

/** What an expression uses, by its syntax tree. A fact's name in quotes counts as the fact: `t["cluster_filter"]` is one. */
export function usesIn(tree: unknown): FactUses {
  const nodes = [...nodesIn(tree)];
  const words = nodes.flatMap(wordOf);
  return {
    definitions: new Set(words.filter((word) => DEFINITION_FACTS.has(word))),
    history: names(tree, 'history'),
    dryRun: mayNeedDryRun(nodes),
    budgets: nodes.flatMap(budgetIn),
  };
}

/** Whether an expression names a variable. */
export function names(tree: unknown, variable: string): boolean {
  return [...nodesIn(tree)].some(({ op, args }) => op === 'id' && args === variable);
}

/** The facts that `has()` is asked about, each with the letter where it is named: CEL's check takes any name there. */
export function factsInHas(tree: unknown): readonly { readonly name: string; readonly offset: number }[] {
  return [...nodesIn(tree)].flatMap(({ op, args }) => {
    if (op !== 'call' || !Array.isArray(args) || args[0] !== 'has') return [];
    const [asked] = nodesIn(args[1]);
    if (asked?.op !== '.' || !Array.isArray(asked.args)) return [];
    return [{ name: String(asked.args[1]), offset: asked.pos }];
  });
}

/** Every mention of the query that is not plainly one of a fact of its SQL counts. */
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
  const word = op === 'value' ? args : (op === '.' || op === '.?') && Array.isArray(args) ? args[1] : null;
  return typeof word === 'string' ? [word] : [];
}

function budgetIn({ op, args }: SyntaxNode): FactUses['budgets'] {
  if (op !== 'call' || !Array.isArray(args) || args[0] !== 'budget') return [];
  const [name] = nodesIn(args[1]);
  return typeof name?.args === 'string' ? [{ name: name.args, offset: name.start }] : [];
}

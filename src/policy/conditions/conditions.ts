import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { didYouMean } from '../../foundation/text/spelling.ts';
import { BudgetState } from '../facts/budget-facts.ts';
import { FACT_TYPES } from '../facts/fact-types.ts';
import { type FactUses, factsInHas, mentionsVariable, NO_USES, usesIn } from '../facts/fact-uses.ts';
import type { Facts } from '../facts/facts.ts';
import { mayRead, Table, type TableFacts } from '../facts/table-facts.ts';
import type { ExpressionError } from './expression-error.ts';
import { createMeter, EXPRESSION_LIMITS, METERED_LIMITS, refuseOversized } from './limits.ts';
import { meteredExpression } from './metering.ts';

export type { ExpressionError } from './expression-error.ts';

const meter = createMeter();
const STEPS_OF_A_PATTERN = 5n;

const environment: Environment = new Environment({ limits: EXPRESSION_LIMITS })
  .registerType('Table', { ctor: Table, fields: FACT_TYPES.Table })
  .registerType('Budget', { ctor: BudgetState, fields: FACT_TYPES.Budget })
  .registerType('Query', { fields: FACT_TYPES.Query })
  .registerType('Caller', { fields: FACT_TYPES.Caller })
  .registerType('Now', { fields: FACT_TYPES.Now })
  .registerType('History', { fields: FACT_TYPES.History })
  .registerVariable('query', 'Query')
  .registerVariable('caller', 'Caller')
  .registerVariable('now', 'Now')
  .registerVariable('history', 'History')
  .registerVariable('budgets', 'map<string, Budget>')
  .registerFunction('budget(ast): Budget', budgetByName)
  .registerFunction('mib(int): int', (count: bigint) => count * 2n ** 20n)
  .registerFunction('gib(int): int', (count: bigint) => count * 2n ** 30n)
  .registerFunction('tib(int): int', (count: bigint) => count * 2n ** 40n)
  .registerFunction('Query.reads(string): bool', (query: QueryValue, pattern: string) =>
    meter.walk(query.get('tables'), STEPS_OF_A_PATTERN).some((table) => mayRead(pattern, table)),
  );

/** The same, for expressions whose list walks are metered. */
const meteredEnvironment = environment
  .clone({ limits: METERED_LIMITS })
  .registerFunction('list<A>.metered(int): list<A>', meter.walk);

/** A `Query` as the library passes it to a function. */
interface QueryValue {
  get(field: 'tables'): readonly TableFacts[];
}

/** The parts of what the library passes to a macro's two hooks that are used here. */
interface Checker {
  check(node: ASTNode, context: unknown): unknown;
}
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

/**
 * `budget("name")` is the entry with that name. It is a macro because a CEL function cannot see variables, and because
 * the name must be known when files load: only budgets that are asked for are read.
 * @see https://github.com/marcbachmann/cel-js#custom-macros
 */
function budgetByName({ args: [name] }: { readonly args: readonly ASTNode[] }) {
  if (name?.op !== 'value' || typeof name.args !== 'string') {
    const message = 'budget() takes the name of a budget, in quotes';
    throw new ParseError({ code: 'invalid_macro_argument', message, ...(name && { node: name }) });
  }
  const text = `budgets[${JSON.stringify(name.args)}]`;
  let entry: ASTNode | null = null;
  // Not at this point: the library's parser is in the middle of the expression.
  const parseEntry = () => (entry ??= environment.parse(text).ast);
  return {
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => checker.check(parseEntry(), context),
    evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) =>
      evaluator.run(parseEntry(), context),
  };
}

const FACTS: readonly string[] = Object.values(FACT_TYPES).flatMap((fields) => Object.keys(fields));
/** Every name of ours that an expression can contain, to suggest a correction for a misspelt one. */
const NAMES: readonly string[] = [
  ...['query', 'caller', 'now', 'history', 'budget', 'mib', 'gib', 'tib', 'reads'],
  ...['exists', 'all', 'filter', 'map', 'size'],
  ...FACTS,
];

/** An expression ready to run. It throws if its evaluation fails, for example on a missing index, or takes too long. */
export type Program<T> = ((facts: Facts) => T) & { readonly uses: FactUses };

/** The condition of a rule that has none. */
export const ALWAYS: Program<boolean> = Object.assign(() => true, { uses: NO_USES });

/** Parses and type-checks a condition. */
export function compileCondition(expression: string): Program<boolean> | ExpressionError {
  return compile(expression, 'bool');
}

/** Parses and type-checks an expression that returns text. */
export function compileText(expression: string): Program<string> | ExpressionError {
  return compile(expression, 'string');
}

function compile<T>(expression: string, type: 'bool' | 'string'): Program<T> | ExpressionError {
  const checked = environment.check(expression);
  if (checked.error !== undefined) return expressionError(checked.error, expression);
  if (checked.type !== type) {
    const problem = `the expression gives ${checked.type ?? 'nothing'}`;
    return { problem, expected: `expected one that gives ${type}`, offset: 0 };
  }
  const { ast } = environment.parse(expression);
  if (mentionsVariable(ast, 'budgets')) {
    const problem = 'budgets are not a list of which an expression could pick one';
    return { problem, expected: 'expected each by its name, as budget("name")', offset: 0 };
  }
  const unknown = factsInHas(ast).find(({ name }) => !FACTS.includes(name));
  if (unknown !== undefined) {
    const summary = `No such key: ${unknown.name}`;
    return expressionError({ summary, range: { start: unknown.offset } }, expression);
  }
  const metered = meteredExpression(expression, ast);
  if (typeof metered !== 'string') return metered;
  if (meteredEnvironment.check(metered).error !== undefined) {
    const problem = 'the expression walks through what is no list';
    return { problem, expected: 'expected a list, such as query.tables', offset: 0 };
  }
  const program = meteredEnvironment.parse(metered);
  const run = (facts: Facts) => {
    refuseOversized(facts);
    // The type check has shown that it returns a value of this type.
    return meter.run(() => program({ ...facts }) as T);
  };
  return Object.assign(run, { uses: usesIn(ast) });
}

/** The library's reason for rejecting an expression, in the form that is passed on. */
interface CheckFailure {
  readonly summary: string;
  readonly range?: { readonly start: number } | undefined;
}

/** Bytes as limits of budgets have them, which CEL does not know. */
const BYTES_AS_IN_LIMITS = /\d ?[KMGTP]i?B\b/;

function hintOn(expression: string, unknown: string | undefined): string {
  if (unknown !== undefined) return didYouMean(unknown, NAMES);
  return BYTES_AS_IN_LIMITS.test(expression) ? '; bytes are written as gib(5), mib(5) or tib(5)' : '';
}

function expressionError(error: CheckFailure, expression: string): ExpressionError {
  const word =
    /(?:key|variable): (\w+)$/.exec(error.summary)?.[1] ?? /'(?:\w+\.)?(\w+)\(/.exec(error.summary)?.[1];
  return {
    problem: `the expression ${JSON.stringify(expression.trim())} is not valid: ${error.summary}`,
    expected: `expected CEL over the documented facts${hintOn(expression, word)}`,
    offset: error.range?.start ?? 0,
  };
}

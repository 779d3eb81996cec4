import { Environment, type TypeCheckResult } from '@marcbachmann/cel-js';
import { createMeter, EXPRESSION_LIMITS, METERED_LIMITS, refuseOversized } from './bounds.ts';
import type { Facts } from './facts.ts';
import { meteredExpression } from './metering.ts';
import { didYouMean } from './spelling.ts';
import { isMeantBy, Table, type TableFacts } from './table-facts.ts';

const TABLE = {
  name: 'string',
  project: 'string',
  dataset: 'string',
  star: 'bool',
  projected: 'list<string>',
  filtered: 'list<string>',
  partition_filter: 'bool',
  status: 'string',
  owner: 'string',
  replacement: 'string',
} satisfies Record<keyof TableFacts, string>;

const QUERY = {
  statement_type: 'string',
  read: 'bool',
  star: 'bool',
  limit: 'int',
  fingerprint: 'string',
  bytes_processed: 'int',
  bytes_billed: 'int',
  accuracy: 'string',
  cost: 'double',
  tables: 'list<Table>',
} satisfies Record<keyof Facts['query'], string>;

const CALLER = {
  principal: 'string',
  team: 'string',
  person: 'string',
  dashboard: 'string',
  card: 'string',
  tool: 'string',
} satisfies Record<keyof Facts['caller'], string>;

const NOW = { hour: 'int', weekday: 'int', date: 'string' } satisfies Record<keyof Facts['now'], string>;

const meter = createMeter();
const STEPS_OF_A_PATTERN = 5n;

const environment = new Environment({ limits: EXPRESSION_LIMITS })
  .registerType('Table', { ctor: Table, fields: TABLE })
  .registerType('Query', { fields: QUERY })
  .registerType('Caller', { fields: CALLER })
  .registerType('Now', { fields: NOW })
  .registerVariable('query', 'Query')
  .registerVariable('caller', 'Caller')
  .registerVariable('now', 'Now')
  .registerFunction('mib(int): int', (count: bigint) => count * 2n ** 20n)
  .registerFunction('gib(int): int', (count: bigint) => count * 2n ** 30n)
  .registerFunction('tib(int): int', (count: bigint) => count * 2n ** 40n)
  .registerFunction('Query.reads(string): bool', (query: QueryValue, pattern: string) =>
    meter.walk(query.get('tables'), STEPS_OF_A_PATTERN).some((table) => isMeantBy(pattern, table)),
  );

/** The same, for expressions whose walks through lists are metered. */
const meteredEnvironment = environment
  .clone({ limits: METERED_LIMITS })
  .registerFunction('list<A>.metered(int): list<A>', meter.walk);

/** A `Query` as the library hands it to a function. */
interface QueryValue {
  get(field: 'tables'): readonly TableFacts[];
}

/** Every name that an expression can hold of ours, to guess what a misspelt one was meant to be. */
const NAMES: readonly string[] = [
  ...['query', 'caller', 'now', 'mib', 'gib', 'tib', 'reads', 'exists', 'all', 'filter', 'map', 'size'],
  ...[TABLE, QUERY, CALLER, NOW].flatMap((fields) => Object.keys(fields)),
];

/** What is wrong with an expression, and at which letter of it. */
export interface ExpressionError {
  readonly problem: string;
  readonly expected: string;
  readonly offset: number;
}

/** An expression ready to run. It throws where its evaluation fails, on an index that is not there, or takes too long. */
export type Program<T> = (facts: Facts) => T;

/** Parses and type-checks a condition. */
export function compileCondition(expression: string): Program<boolean> | ExpressionError {
  return compile(expression, 'bool');
}

/** Parses and type-checks an expression that gives a text. */
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
  const metered = meteredExpression(expression, environment.parse(expression).ast);
  if (typeof metered !== 'string') return metered;
  const program = meteredEnvironment.parse(metered);
  return (facts) => {
    refuseOversized(facts);
    return meter.run(() => program({ ...facts }) as T);
  };
}

function expressionError(error: NonNullable<TypeCheckResult['error']>, expression: string): ExpressionError {
  const word =
    /(?:key|variable): (\w+)$/.exec(error.summary)?.[1] ?? /'(?:\w+\.)?(\w+)\(/.exec(error.summary)?.[1];
  return {
    problem: `the expression ${JSON.stringify(expression.trim())} is not valid: ${error.summary}`,
    expected: `expected CEL over the documented facts${word === undefined ? '' : didYouMean(word, NAMES)}`,
    offset: error.range?.start ?? 0,
  };
}

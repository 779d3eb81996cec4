import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What the tokens of SQL say without parsing. */
export interface TokenFacts {
  /** Functions and other routines that are called, dotted names whole, in upper case, each once. */
  readonly functions: readonly string[];
  /** Those of them that are not BigQuery's own, as written: case matters in these. */
  readonly routines: readonly string[];
  /** An upper bound: every JOIN, and every comma after a FROM, may be one. */
  readonly maxJoinsWithoutCondition: number;
  /** An upper bound. */
  readonly maxSubqueries: number;
}

/** Reserved words that are functions when a parenthesis follows. */
const RESERVED_FUNCTIONS: ReadonlySet<string> = new Set(
  'ARRAY CAST CONTAINS EXTRACT GROUPING IF LEFT RANGE RIGHT STRUCT'.split(' '),
);

/** Words that precede a parenthesis without calling anything. */
export const NO_FUNCTIONS: ReadonlySet<string> = new Set([
  ...[...RESERVED_WORDS].filter((word) => !RESERVED_FUNCTIONS.has(word)),
  ...`ASSERT BERNOULLI BIGDECIMAL BIGNUMERIC CLUSTER DECIMAL ELSEIF INCLUDE INSERT NUMERIC OFFSET OPTIONS ORDINAL PIVOT
  SAFE_OFFSET SAFE_ORDINAL SETS SYSTEM UNPIVOT UNTIL VALUES WHILE`.split(/\s+/),
]);

/** Functions that are called without parentheses. */
const WITHOUT_PARENTHESES: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_DATETIME',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
]);

/** Words after which a name with a list in parentheses is what a statement creates or fills, not what it calls. */
const BEFORE_DEFINED: ReadonlySet<string> = new Set([
  'INSERT',
  'INTO',
  'OVERWRITE',
  'REFERENCES',
  'TABLE',
  'VIEW',
  'FUNCTION',
  'PROCEDURE',
  'EXISTS',
]);

/** What stands before the dot in the names of BigQuery's own functions. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set(
  'AEAD AI BQ HLL_COUNT KEYS KLL_QUANTILES ML NET OBJ VECTOR_INDEX'.split(' '),
);

/** What the tokens of SQL say. */
export function tokenFactsOf(sql: string): TokenFacts {
  const tokens = [...tokensOf(sql)].filter(({ space }) => space === undefined);
  const words = tokens.map(({ word }) => word?.toUpperCase());
  const count = (word: string) => words.filter((candidate) => candidate === word).length;
  const from = words.indexOf('FROM');
  const called = [...new Set(tokens.flatMap((_, index) => calledAt(tokens, index)))];
  const pipeQueries = tokens.filter(
    ({ whole }, index) => whole === '(' && words[index + 1] === 'FROM',
  ).length;
  const commas = from === -1 ? 0 : tokens.slice(from).filter(({ whole }) => whole === ',').length;
  return {
    functions: [...new Set(called.map((name) => name.toUpperCase()))],
    routines: called.filter(isRoutine),
    maxJoinsWithoutCondition: count('JOIN') + commas,
    maxSubqueries: Math.max(0, count('SELECT') + pipeQueries - 1),
  };
}

/** A name without dots is a function of BigQuery's own, or one that the SQL itself defines. */
function isRoutine(name: string): boolean {
  const [namespace = '', ...rest] = name.split('.');
  return rest.length > 1 || (rest.length === 1 && !OWN_NAMESPACES.has(namespace.toUpperCase()));
}

/**
 * The called name that ends at this token. A name with dots stands in parentheses where calls are chained: `(x).(a.b)(y)`.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-reference#chained-function-calls
 */
function calledAt(tokens: readonly Token[], index: number): readonly string[] {
  const last = nameIn(tokens[index])?.toUpperCase();
  if (last === undefined) return [];
  const isPlain = isAt(tokens, index + 1, '(');
  const mayBeChained = isAt(tokens, index + 1, ')', '(');
  if (!isPlain && !mayBeChained && !WITHOUT_PARENTHESES.has(last)) return [];
  let start = index;
  while (tokens[start - 1]?.whole === '.' && nameIn(tokens[start - 2]) !== undefined) start -= 2;
  const isCalled = isPlain || (mayBeChained && isAt(tokens, start - 2, '.', '('));
  const name = tokens
    .slice(start, index + 1)
    .map(({ whole }) => whole.replaceAll('`', ''))
    .join('');
  const upper = name.toUpperCase();
  const before = tokens[start - 1]?.whole.toUpperCase() ?? '';
  if (WITHOUT_PARENTHESES.has(upper)) return before === 'AS' ? [] : [upper];
  const isPipeOperator = isAt(tokens, start - 2, '|', '>');
  if (!isCalled || isPipeOperator || BEFORE_DEFINED.has(before) || NO_FUNCTIONS.has(upper)) return [];
  return isStarModifier(upper, before) ? [] : [name.replace(/^SAFE\./i, '')];
}

function isAt(tokens: readonly Token[], index: number, ...wholes: readonly string[]): boolean {
  return wholes.every((whole, offset) => tokens[index + offset]?.whole === whole);
}

/** `SELECT * REPLACE (…)`, not the function. */
function isStarModifier(name: string, before: string): boolean {
  return name === 'REPLACE' && (before === '*' || before === ')');
}

function nameIn(token: Token | undefined): string | undefined {
  return token?.name ?? token?.word;
}

import { type ASTNode, parse } from '@marcbachmann/cel-js';
import { FACT_FORMS, type FactDomains } from './fact-domains.ts';

/** True or false if a condition is the same for every query, null if it depends. */
type Outcome = boolean | null;

/**
 * Whether a condition is the same for every query, as far as its comparisons of single facts with literals show. Errs
 * towards null: what two comparisons together say about one fact is not seen.
 */
export function outcomeOf(condition: string, domains: FactDomains): Outcome {
  return outcomeAt(parse(condition).ast, domains, new Set());
}

/** @param tables names that macros use for one table */
function outcomeAt(node: ASTNode, domains: FactDomains, tables: ReadonlySet<string>): Outcome {
  const at = (inner: ASTNode) => outcomeAt(inner, domains, tables);
  switch (node.op) {
    case 'value':
      return typeof node.args === 'boolean' ? node.args : null;
    case '!_':
      return not(at(node.args));
    case '&&':
      return and(at(node.args[0]), at(node.args[1]));
    case '||':
      return not(and(not(at(node.args[0])), not(at(node.args[1]))));
    case 'rcall':
      return readsNothing(node.args) ? false : outcomeOfMacro(node.args, domains, tables);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return outcomeOfComparison(node.op, node.args, domains, tables);
    default:
      return null;
  }
}

function not(outcome: Outcome): Outcome {
  return outcome === null ? null : !outcome;
}

function and(left: Outcome, right: Outcome): Outcome {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : null;
}

/** `query.reads("messages")`: names of tables are matched with their dataset. */
function readsNothing([name, subject, [pattern]]: Extract<ASTNode, { op: 'rcall' }>['args']): boolean {
  if (name !== 'reads' || subject.op !== 'id' || subject.args !== 'query' || pattern?.op !== 'value')
    return false;
  return typeof pattern.args === 'string' && !/[.*]/.test(pattern.args);
}

/** No table is among those of which none can be; all are among those that each must be. */
function outcomeOfMacro(
  [name, list, [variable, condition]]: Extract<ASTNode, { op: 'rcall' }>['args'],
  domains: FactDomains,
  tables: ReadonlySet<string>,
): Outcome {
  if (pathOf(list, tables) !== 'query.tables' || variable?.op !== 'id' || condition === undefined)
    return null;
  const each = outcomeAt(condition, domains, new Set([...tables, variable.args]));
  if (name === 'exists' && each === false) return false;
  return name === 'all' && each === true ? true : null;
}

function outcomeOfComparison(
  op: string,
  [left, right]: readonly [ASTNode, ASTNode],
  domains: FactDomains,
  tables: ReadonlySet<string>,
): Outcome {
  const path = pathOf(left, tables) ?? '';
  const domain = domains.get(path);
  const literals = literalsIn(right);
  if (op === 'in' && literals === null)
    return canBe(pathOf(right, tables) ?? '', literalsIn(left)) ? null : false;
  if (domain === undefined) return outcomeOfForm(op, canBe(path, literals));
  if (literals === null) return null;
  const results = new Set(domain.map((value) => evaluateComparison(op, value, literals)));
  return results.size === 1 ? ([...results][0] ?? null) : null;
}

/** Whether one of some literals can be a fact, or in a list of facts, as far as its form tells. */
function canBe(path: string, literals: readonly (string | bigint)[] | null): boolean {
  const form = FACT_FORMS.get(path);
  if (form === undefined || literals === null || literals.length === 0) return true;
  return literals.some((literal) => typeof literal !== 'string' || form(literal));
}

function outcomeOfForm(op: string, isPossible: boolean): Outcome {
  if (isPossible) return null;
  if (op === '!=') return true;
  return op === '==' || op === 'in' ? false : null;
}

function evaluateComparison(
  op: string,
  value: string | bigint,
  literals: readonly (string | bigint)[],
): boolean {
  const [literal = ''] = literals;
  switch (op) {
    case '==':
      return value === literal;
    case '!=':
      return value !== literal;
    case '<':
      return value < literal;
    case '<=':
      return value <= literal;
    case '>':
      return value > literal;
    case '>=':
      return value >= literal;
    default:
      return literals.includes(value);
  }
}

/** `caller.team`; for a table in a macro, `*.status`; null if it is not a plain path. */
function pathOf(node: ASTNode, tables: ReadonlySet<string>): string | null {
  if (node.op === 'id') return tables.has(node.args) ? '*' : node.args;
  if (node.op !== '.') return null;
  const of = pathOf(node.args[0], tables);
  return of === null ? null : `${of}.${node.args[1]}`;
}

function literalsIn(node: ASTNode): readonly (string | bigint)[] | null {
  if (node.op === 'value') {
    return typeof node.args === 'string' || typeof node.args === 'bigint' ? [node.args] : null;
  }
  if (node.op !== 'list') return null;
  const literals = node.args.map(literalsIn);
  return literals.includes(null) ? null : literals.flatMap((each) => each ?? []);
}

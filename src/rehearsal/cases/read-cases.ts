import { type PolicyDocument, readDocument } from '../../policy/document/document.ts';
import { type PolicyError, PolicyRejected, policyError, sortErrors } from '../../policy/document/errors.ts';
import { type PolicyText, readPolicyFolder } from '../../policy/document/folder.ts';
import { check, valueAt } from '../../policy/document/issues.ts';
import { type LocatedName, undefinedNames } from '../../policy/document/names.ts';
import type { Policy } from '../../policy/policy.ts';
import { unitOf } from '../../vocabulary/budget.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { principalFor } from '../principal-for.ts';
import {
  type CaseDefaults,
  type CaseEntry,
  caseFileSchema,
  caseSchema,
  defaultsSchema,
} from './case-schema.ts';

/** A case, completed by its file's defaults. */
export interface PolicyCase {
  readonly entry: CaseEntry;
  /** Who asks. */
  readonly principal: string;
  readonly source: SourcePosition;
}

/**
 * Reads the cases of a folder.
 * @throws PolicyRejected with all their errors
 */
export async function readCases(folder: string, policy: Policy): Promise<readonly PolicyCase[]> {
  const { files } = await readPolicyFolder(folder);
  const read = files.map((file) => casesIn(file, policy));
  const errors = read.flatMap((file) => file.errors);
  if (errors.length > 0) throw new PolicyRejected(folder, sortErrors(errors));
  return read.flatMap((file) => file.cases);
}

interface CaseFile {
  readonly cases: readonly PolicyCase[];
  readonly errors: readonly PolicyError[];
}

function casesIn(file: PolicyText, policy: Policy): CaseFile {
  const document = readDocument(file);
  if ('errors' in document) return { cases: [], errors: document.errors };
  const frame = check(caseFileSchema, document, []);
  const defaults = check(defaultsSchema.prefault({}), document, ['defaults']);
  const errors = [frame, defaults].flatMap((part) => ('errors' in part ? part.errors : []));
  const entries = valueAt(document.value, ['cases']);
  if (errors.length > 0 || 'errors' in defaults || !Array.isArray(entries)) return { cases: [], errors };
  const read = entries.map((_, index) => caseAt(index, document, defaults.value, policy));
  return {
    cases: read.flatMap((part) => part.cases),
    errors: read.flatMap((part) => part.errors),
  };
}

function caseAt(index: number, document: PolicyDocument, defaults: CaseDefaults, policy: Policy): CaseFile {
  const path = ['cases', index];
  const checked = check(caseSchema, document, path);
  if ('errors' in checked) return { cases: [], errors: checked.errors };
  const entry = { ...defaults, ...checked.value };
  const errors = [
    ...unknownNames(entry, (inner) => document.atKey([...path, ...inner]), policy),
    ...unitMismatches(entry, (inner) => document.at([...path, ...inner]), policy),
  ];
  const principal = principalOf(entry, document.at(path), document.at([...path, 'as']), policy);
  if (typeof principal !== 'string') return { cases: [], errors: [...errors, principal] };
  return {
    cases: errors.length === 0 ? [{ entry, principal, source: document.at(path) }] : [],
    errors,
  };
}

function principalOf(
  { name, as }: CaseEntry,
  source: SourcePosition,
  place: SourcePosition,
  policy: Policy,
): string | PolicyError {
  if (as === undefined) {
    return policyError(
      source,
      `case "${name}" does not say who sends the query`,
      'expected "as": a team or a principal',
    );
  }
  const principal = principalFor(as, policy);
  return typeof principal === 'string'
    ? principal
    : policyError(place, principal.problem, principal.expected);
}

/** An undefined name would be a fact that no rule sees, or an expectation that nothing meets. */
function unknownNames(
  { given, expect }: CaseEntry,
  at: (path: readonly string[]) => SourcePosition,
  { names }: Policy,
): readonly PolicyError[] {
  const keysAt = (mapping: object | undefined, path: readonly string[]): readonly LocatedName[] =>
    Object.keys(mapping ?? {}).map((key) => ({ name: key, source: at([...path, key]) }));
  const refusedBy =
    expect.refused_by === undefined
      ? []
      : [{ name: expect.refused_by, source: at(['expect', 'refused_by']) }];
  return [
    ...undefinedNames('budget', keysAt(given?.budgets, ['given', 'budgets']), new Set(names.budgets)),
    ...undefinedNames('rule', keysAt(expect.rules, ['expect', 'rules']), new Set(names.rules)),
    ...undefinedNames('rule or budget', refusedBy, new Set([...names.rules, ...names.budgets])),
  ];
}

/** An error for every amount in a unit that its budget does not count in. */
function unitMismatches(
  { given }: CaseEntry,
  at: (path: readonly string[]) => SourcePosition,
  { budgets }: Policy,
): readonly PolicyError[] {
  return budgets.flatMap(({ name, limit }) =>
    (['used', 'reserved'] as const).flatMap((key) => {
      const amount = given?.budgets?.[name]?.[key];
      const budgetUnit = unitOf(limit);
      if (amount === undefined || 'percent' in amount || amount.unit === budgetUnit) return [];
      const problem = `"${key}" is in ${amount.unit}, and budget ${name} counts ${budgetUnit}`;
      const place = at(['given', 'budgets', name, key]);
      return [
        policyError(place, problem, 'expected a share such as 95%, or an amount in the unit of its limit'),
      ];
    }),
  );
}
